"""What commands write into text files is taken back like what envdoctor writes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from envdoctor import EditFile, Run
from envdoctor.apply import commanded
from envdoctor.apply.change import Change
from envdoctor.apply.commanded import files_of
from envdoctor.apply.journal import Journal
from envdoctor.apply.steps import Stopped, carry_out
from envdoctor.apply.undoing import Ending
from envdoctor.text import limits
from tests.apply.world import files, state_in, take_back
from tests.support import make_session

pytestmark = pytest.mark.tools
TOOLS = {
    "uv": 'case "$1" in python) echo "$3" > .python-version;; lock) echo locked >> uv.lock;; esac',
    "conda": 'echo "$@" >> "$HOME/.condarc"',
    "pip": 'mkdir -p "$HOME/.config/pip"; echo "[global]" > "$HOME/.config/pip/pip.conf"',
    "git": 'echo "$@" >> "$HOME/.gitconfig"',
    "pyenv": 'echo "$2" > "${PYENV_ROOT:-$HOME/.pyenv}/version"',
    "tool": 'echo more >> "$1"',
    "fails": 'echo more >> "$1"; exit 1',
}
PROJECT = "project"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with tools that write as the real ones do."""
    for name, script in TOOLS.items():
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "bin" / name).chmod(0o755)
    (tmp_path / PROJECT).mkdir()
    (tmp_path / ".pyenv").mkdir()
    return tmp_path


def applied(home: Path, *steps: Run | EditFile, **env: str) -> list[Change]:
    """Carry the steps out in the project."""
    session = make_session({"HOME": str(home), "PATH": f"{home}/bin:/usr/bin:/bin", **env}, cwd=home / PROJECT)
    written: list[Change] = []
    carry_out(steps, "C001", session, state_in(home), lambda _run: None, written)
    return written


@pytest.mark.parametrize(
    ("run", "file"),
    [
        (Run("uv", "python", "pin", "3.12"), "project/.python-version"),
        (Run("uv", "lock"), "project/uv.lock"),
        (Run("conda", "config", "--set", "x", "y"), ".condarc"),
        (Run("pip", "config", "set", "global.x", "y"), ".config/pip/pip.conf"),
        (Run("git", "config", "--global", "x", "y"), ".gitconfig"),
        (Run("pyenv", "global", "3.12"), ".pyenv/version"),
        (Run("tool", "named.txt"), "project/named.txt"),
        (Run("tool", "named.txt", directory="{home}/elsewhere"), "elsewhere/named.txt"),
    ],
)
@pytest.mark.parametrize("there", [None, b"old\n"])
def test_a_file_that_a_command_writes_is_as_it_was_once_it_is_taken_back(
    home: Path, run: Run, file: str, there: bytes | None
) -> None:
    (home / "elsewhere").mkdir()
    run = Run(*run.argv, directory=run.directory and run.directory.format(home=home))
    if there is not None:
        (home / file).parent.mkdir(parents=True, exist_ok=True)
        (home / file).write_bytes(there)
        (home / file).chmod(0o640)
    was = files(home)
    [change] = applied(home, run)
    assert change.path == str(home / file)
    assert (home / file).read_bytes() not in (there, b"")
    assert [undone.ending for undone in take_back(home)] == [Ending.UNDONE]
    assert files(home) == was
    assert there is None or (home / file).stat().st_mode & 0o777 == 0o640


def test_where_a_variable_says_is_looked_too(home: Path) -> None:
    (home / "other").mkdir()
    [change] = applied(home, Run("pyenv", "global", "3.12"), PYENV_ROOT=str(home / "other"))
    assert change.path == str(home / "other" / "version")


def test_commands_and_edits_of_one_file_are_taken_back_together(home: Path) -> None:
    file = home / PROJECT / "named.txt"
    file.write_text("old\n")
    edit = EditFile(str(file), add=("mine",))
    assert len(applied(home, Run("tool", "named.txt"), edit, Run("tool", str(file)))) == 3
    assert {undone.ending for undone in take_back(home)} == {Ending.UNDONE}
    assert file.read_text() == "old\n"


def test_what_a_command_leaves_alone_is_not_recorded(home: Path) -> None:
    (home / PROJECT / "pyproject.toml").write_text("x\n")
    assert applied(home, Run("uv", "sync")) == []
    assert Journal(state_in(home).journal).intents == []


def test_a_command_that_fails_has_written_nevertheless(home: Path) -> None:
    with pytest.raises(Stopped, match="failed with exit status 1"):
        applied(home, Run("fails", "named.txt"))
    assert [undone.ending for undone in take_back(home)] == [Ending.UNDONE]
    assert not (home / PROJECT / "named.txt").exists()


def test_what_somebody_has_changed_since_stays(home: Path) -> None:
    applied(home, Run("uv", "python", "pin", "3.12"))
    (home / PROJECT / ".python-version").write_text("3.13\n")
    [undone] = take_back(home)
    assert (undone.ending, undone.reason) == (Ending.KEPT, "it was changed by hand")
    assert (home / PROJECT / ".python-version").read_text() == "3.13\n"


def test_what_cannot_be_taken_back_is_told(home: Path) -> None:
    large = home / PROJECT / "uv.lock"
    large.write_bytes(b"x" * (limits.FILE + 1))
    [change] = applied(home, Run("uv", "lock"))
    assert not change.written
    assert change.told == (
        f"C001: `envdoctor fix --undo` does not take back {large}: {large} is larger than {limits.FILE:,} bytes",
    )
    assert take_back(home) == []


@pytest.mark.parametrize("tool", sorted(commanded.MOVING))
def test_a_file_that_is_moved_is_no_text_that_is_written(home: Path, tool: str) -> None:
    (home / PROJECT / "a").write_text("a\n")
    assert applied(home, Run(tool, *(("a", "b")[: 1 if tool == "rm" else 2]))) == []


def test_modules_of_python_are_tools_and_values_of_options_are_files() -> None:
    run = Run("/p/.venv/bin/python", "-m", "pip", "config", f"--file={os.sep}x", "set")
    found = set(files_of(run, {"PIP_CONFIG_FILE": "/etc/pip.conf"}, "/home/ann", "/p"))
    assert {"/x", "/etc/pip.conf", "/home/ann/.config/pip/pip.conf"} <= found
    assert "/p/.venv/bin/python" not in found
