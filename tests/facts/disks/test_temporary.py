from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from envdoctor.facts.disks import temporary
from envdoctor.facts.disks.temporary import TemporaryDirectory, TemporaryProblem
from tests.support import make_session, see


def look(cwd: Path | str = "/", **env: str) -> TemporaryDirectory:
    return see(TemporaryDirectory, make_session({"HOME": "/home/me", **env}, cwd=cwd))


def test_without_a_variable_or_with_an_empty_one_it_is_the_systems() -> None:
    assert look() == look(TMPDIR="") == TemporaryDirectory("/tmp")


def test_a_directory_that_can_be_used(tmp_path: Path) -> None:
    assert look(TMPDIR=str(tmp_path)) == TemporaryDirectory(str(tmp_path), "TMPDIR", str(tmp_path), None, str(tmp_path))


@pytest.mark.parametrize(
    ("value", "problem", "creatable"),
    [
        ("{}/gone/deep", TemporaryProblem.MISSING, True),
        ("{}/file", TemporaryProblem.NO_DIRECTORY, False),
        ("{}/file/below", TemporaryProblem.MISSING, False),
        ("{}/dangling", TemporaryProblem.NO_DIRECTORY, False),
        ("tmp/x", TemporaryProblem.RELATIVE, True),
    ],
)
def test_what_cannot_be_used(tmp_path: Path, value: str, problem: TemporaryProblem, creatable: bool) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to("nowhere")
    found = look(tmp_path, TMPDIR=value.format(tmp_path))
    assert (found.problem, found.creatable, found.used) == (problem, creatable, "/tmp")


def test_a_tilde_stands_for_the_home_that_was_meant(tmp_path: Path) -> None:
    found = look(tmp_path, TMPDIR="~/tmp")
    assert (found.problem, found.path) == (TemporaryProblem.TILDE, "/home/me/tmp")
    for value in ("$HOME/tmp", "${HOME}/tmp"):
        found = look(tmp_path, TMPDIR=value)
        assert (found.problem, found.path) == (TemporaryProblem.VARIABLE, "/home/me/tmp")
    assert look(tmp_path, TMPDIR="$HOMES/tmp").problem is TemporaryProblem.RELATIVE


def test_the_next_variable_counts_where_the_first_cannot_be_used(tmp_path: Path) -> None:
    found = look(TMPDIR="/gone", TEMP=str(tmp_path))
    assert (found.variable, found.used) == ("TMPDIR", str(tmp_path))


def test_nothing_of_the_systems_can_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(temporary, "SYSTEM", ("/gone/tmp",))
    assert look(tmp_path) == TemporaryDirectory(str(tmp_path), misplaced=True, of_the_system=False)


@pytest.mark.tools
@pytest.mark.parametrize("value", ["{}", "{}/gone", "tmp", "inside", "~/tmp", ""])
def test_python_uses_the_same(tmp_path: Path, value: str) -> None:
    (tmp_path / "inside").mkdir()
    named = value.format(tmp_path)
    code = "import tempfile; print(tempfile.gettempdir())"
    env = {**os.environ, "TMPDIR": named, "TEMP": "", "TMP": ""}
    done = subprocess.run(
        [sys.executable, "-Ic", code], env=env, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert look(tmp_path, TMPDIR=named).used == done.stdout.strip()
