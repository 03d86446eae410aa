from __future__ import annotations

import json
from pathlib import Path

import pytest

from envdoctor import Unavailable
from envdoctor.facts.commands.commands import probe_commands
from envdoctor.facts.session.search_path import probe_search_path
from envdoctor.facts.uv.installations import (
    UvCopies,
    UvCopy,
    UvInstaller,
    probe_uv_copies,
)
from tests.clinic.conda import add_record, make_executable, make_prefix
from tests.support import make_session


def copies(home: Path, *directories: Path) -> UvCopies:
    path = ":".join(map(str, directories))
    session = make_session({"HOME": str(home), "PATH": path})
    return probe_uv_copies(session, probe_commands(probe_search_path(session), None))


def fake_uv(directory: Path, version: str) -> Path:
    return make_executable(directory / "uv", f"#!/bin/sh\necho 'uv {version} (x86_64-unknown-linux-gnu)'\n")


def test_a_machine_without_uv_has_none(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no uv here"):
        copies(tmp_path, tmp_path)


@pytest.mark.tools
def test_one_program_under_two_names_is_one_copy(tmp_path: Path) -> None:
    one = fake_uv(tmp_path / "one", "0.9.1")
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "uv").symlink_to(one)
    fake_uv(tmp_path / "three", "0.13.9")
    seen = copies(tmp_path, tmp_path / "two", tmp_path / "one", tmp_path / "three")
    assert seen.copies == (
        UvCopy(f"{tmp_path}/two/uv", str(one), (0, 9, 1), is_script=True),
        UvCopy(f"{tmp_path}/three/uv", f"{tmp_path}/three/uv", (0, 13, 9), is_script=True),
    )
    assert seen.first.shown_version == "0.9.1"


@pytest.mark.tools
@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo 'something else'", "something else"),
        ("echo 'cannot load' >&2; exit 127", "cannot load"),
        ("exit 3", "exit status 3"),
        ("sleep 60", "did not answer in time"),
    ],
)
def test_a_uv_that_gives_no_version_says_why(tmp_path: Path, script: str, said: str) -> None:
    make_executable(tmp_path / "uv", f"#!/bin/sh\n{script}\n")
    session = make_session({"HOME": str(tmp_path), "PATH": f"{tmp_path}:/bin"}, timeout=0.5)
    seen = probe_uv_copies(session, probe_commands(probe_search_path(session), None))
    assert (seen.first.version, seen.first.problem) == (None, said)


@pytest.mark.tools
def test_who_installed_it_is_seen_by_what_lies_beside_it(tmp_path: Path) -> None:
    standalone = fake_uv(tmp_path / ".local/bin", "1.0.0").parent
    receipt = tmp_path / ".config/uv/uv-receipt.json"
    receipt.parent.mkdir(parents=True)
    receipt.write_text(json.dumps({"install_prefix": str(standalone)}))
    conda = make_prefix(tmp_path / "conda", python=False)
    fake_uv(conda / "bin", "1.0.0")
    add_record(conda, "uv", "1.0.0")
    pipped = make_prefix(tmp_path / "pipped", python=False)
    fake_uv(pipped / "bin", "1.0.0")
    (pipped / "lib/python3.12/site-packages/uv-1.0.0.dist-info").mkdir(parents=True)
    tool = tmp_path / "tools/uv"
    fake_uv(tool / "bin", "1.0.0")
    (tool / "pyvenv.cfg").touch()
    (tool / "uv-receipt.toml").touch()
    app = tmp_path / "pipx/venvs/uv"
    fake_uv(app / "bin", "1.0.0")
    (app / "pyvenv.cfg").touch()
    (app / "pipx_metadata.json").touch()
    brew = fake_uv(tmp_path / "Cellar/uv/1.0.0/bin", "1.0.0").parent
    seen = copies(tmp_path, standalone, conda / "bin", pipped / "bin", tool / "bin", app / "bin", brew)
    assert seen.receipt == str(standalone)
    assert [(copy.installer, copy.environment) for copy in seen.copies] == [
        (UvInstaller.STANDALONE, None),
        (UvInstaller.CONDA, str(conda)),
        (UvInstaller.PIP, str(pipped)),
        (UvInstaller.UV, str(tool)),
        (UvInstaller.PIPX, str(app)),
        (UvInstaller.HOMEBREW, None),
    ]


@pytest.mark.tools
@pytest.mark.parametrize("text", ["", "[", "[1]", '{"install_prefix": 3}', "\0", "[" * 100_000])
def test_a_receipt_that_says_nothing_is_none(tmp_path: Path, text: str) -> None:
    fake_uv(tmp_path, "1.0.0")
    receipt = tmp_path / ".config/uv/uv-receipt.json"
    receipt.parent.mkdir(parents=True)
    receipt.write_text(text)
    assert copies(tmp_path, tmp_path).receipt is None
