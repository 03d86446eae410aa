"""Start-up files, held against what the real shells do with them."""

from __future__ import annotations

import os
from pathlib import Path

from envdoctor.facts.shell.startup_files import (
    Shell,
    Skipped,
    StartupFile,
    StartupFiles,
    When,
    collect,
)
from envdoctor.facts.shell.startup_lines import LineKind
from tests.facts.shell.startup_files_world import found_in, write
from tests.support import make_session


def test_debians_profile_leads_to_bashrc_and_aliases(home: Path) -> None:
    profile = 'if [ -n "$BASH_VERSION" ]; then\n  if [ -f "$HOME/.bashrc" ]; then . "$HOME/.bashrc"; fi\nfi\n'
    write(home, **{".profile": profile, ".bashrc": ". ~/.bash_aliases\n", ".bash_aliases": "alias python=python3\n"})
    said = found_in(home)
    in_order = tuple(f"{home}/{name}" for name in (".profile", ".bashrc", ".bash_aliases"))
    assert said.read_by(Shell.BASH, login=True, interactive=False) == in_order
    assert said.read_by(Shell.BASH, login=False, interactive=True) == in_order[1:]
    assert said.read_by(Shell.SH, login=True, interactive=False) == in_order[:1]
    [alias] = said.mentions("python", kind=LineKind.ALIAS)
    assert alias.origin == f"{home}/.bash_aliases:1"
    assert said.mentions("python", kind=LineKind.FUNCTION) == ()


def test_bash_profile_hides_profile_and_what_it_reads(home: Path) -> None:
    write(home, **{".bash_profile": "", ".profile": ". ~/.bashrc\n", ".bashrc": "alias pip=x\n"})
    said = found_in(home)
    assert said.read_by(Shell.BASH, login=True, interactive=True) == (f"{home}/.bash_profile",)
    [profile] = [file for file in said.files if file.path.endswith("/.profile")]
    assert profile == StartupFile(
        *(f"{home}/.profile", (Shell.SH, Shell.BASH), When.LOGIN), hidden_by=f"{home}/.bash_profile"
    )


def test_the_systems_files_are_read(home: Path) -> None:
    write(
        home.parent / "etc",
        environment='PATH="/usr/bin:/bin"\nLD_LIBRARY_PATH=/a\nSECRET=hunter2\n',
        profile="PATH=/usr/bin\n",
    )
    (home.parent / "etc/profile.d").mkdir()
    (home.parent / "etc/profile.d/x.sh").write_text("export PYTHONPATH=/p\n")
    said = found_in(home)
    assert [(one.name, one.value) for one in said.lines] == [
        *(("PATH", "/usr/bin:/bin"), ("LD_LIBRARY_PATH", "/a")),
        *(("PATH", "/usr/bin"), ("PYTHONPATH", "/p")),
    ]
    assert len(said.read_by(Shell.BASH, login=True, interactive=False)) == 3


def test_a_ring_of_files_comes_to_an_end(home: Path) -> None:
    write(home, **{".bashrc": ". ~/other\nalias pip=x\n", "other": ". ~/.bashrc\n. ~/other\n"})
    assert len(found_in(home).mentions("pip")) == 1


def test_what_cannot_be_read_is_skipped_with_the_reason(home: Path) -> None:
    (home / ".bashrc").write_bytes(b"alias pip=x\n\xff\n")
    (home / ".zshrc").write_bytes(b"\0")
    (home / ".zshenv").symlink_to(".zshenv")
    os.mkfifo(home / ".profile")
    with (home / ".zprofile").open("wb") as file:
        file.truncate(100_000_000)
    (home / ".zlogin").write_text("alias pip=y\necho 'open\n")
    said = found_in(home)
    assert set(said.skipped) == {
        Skipped(f"{home}/.bashrc", "line 2 is not UTF-8"),
        Skipped(f"{home}/.zshrc", "a binary file"),
        Skipped(f"{home}/.zshenv", "too many levels of symbolic links"),
        Skipped(f"{home}/.profile", "not a regular file"),
        Skipped(f"{home}/.zprofile", "larger than 1,050,000 bytes"),
        Skipped(f"{home}/.zlogin", "a quotation is still open at line 2"),
    }
    assert [one.value for one in said.lines] == ["y"]


def test_a_file_of_a_megabyte_is_read_to_its_end(home: Path) -> None:
    comment = "# one more line that says nothing\n"
    (home / ".bashrc").write_text(comment * (1_000_000 // len(comment)) + "alias pip=x\n")
    said = found_in(home)
    assert (said.skipped, [one.value for one in said.lines]) == ((), ["x"])


def test_only_small_files_of_home_and_system_are_followed(home: Path, tmp_path: Path) -> None:
    write(tmp_path / "opt", program="alias pip=x\n")
    (home / "large").write_text("alias pip=y\n" + "#" * 40_000)
    (home / ".bashrc").write_text(f". {tmp_path}/opt/program\n. ~/large\n. ~/gone\n. $UNKNOWN/x\n")
    said = found_in(home)
    assert said.mentions("pip") == ()
    assert said.skipped == (Skipped(f"{home}/large", "larger than 30,000 bytes"),)


def test_nothing_there_is_nothing(home: Path) -> None:
    assert found_in(home) == StartupFiles()


def test_lists_of_variables_that_a_login_reads_export_without_a_word(tmp_path: Path) -> None:
    home, etc = tmp_path / "home", tmp_path / "etc"
    lists = {
        etc / "environment": "PIP_INDEX_URL=https://a.example/simple\n",
        etc / "environment.d" / "1.conf": "HF_ENDPOINT=https://b.example\n",
        home / ".config" / "environment.d" / "2.conf": "# mine\nUV_DEFAULT_INDEX=https://c.example/simple\n",
        home / ".config" / "environment.d" / "not.txt": "UV_INDEX=https://d.example\n",
        home / ".pam_environment": "UV_PYTHON=3.12\n",
    }
    for path, text in lists.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    found = collect(make_session({"HOME": str(home)}), str(etc)).lines
    assert [(line.name, line.kind) for line in found] == [
        (name, LineKind.EXPORT) for name in ("PIP_INDEX_URL", "HF_ENDPOINT", "UV_DEFAULT_INDEX", "UV_PYTHON")
    ]
    assert found[2].origin == f"{home}/.config/environment.d/2.conf:2"


def test_the_blocks_of_conda_are_named(home: Path) -> None:
    write(home, **{".bashrc": "alias a=b\n# >>> conda initialize >>>\neval x\n# <<< conda initialize <<<\n"})
    assert [block.name for block in found_in(home).blocks] == ["conda"]
