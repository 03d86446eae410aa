"""What kind of environment is in a directory, where tools keep theirs, and how much of the disk each takes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from envdoctor.facts.environments.kinds import Kind, KnownEnvironment, recognise
from tests.facts.environments.condition_world import BASE, MINOR, make
from tests.facts.environments.kinds_world import make_conda


def known(path: Path, kind: Kind | None = None) -> KnownEnvironment:
    found = recognise(str(path), kind, "here")
    assert found is not None
    return found


def test_virtual_environments_by_their_makers(tmp_path: Path) -> None:
    root = make(tmp_path / "env")
    found = known(root)
    assert (found.kind, found.python, found.base, found.problem) == (Kind.UV, f"{MINOR}.1", BASE, None)
    (root / "pyvenv.cfg").write_text("home = /usr/bin\nversion_info = 3.12.1.final.0\nvirtualenv = 20\n")
    assert (known(root).kind, known(root).python) == (Kind.VIRTUALENV, "3.12.1")
    (root / "pyvenv.cfg").write_text("home = /usr/bin\n")
    assert (known(root).kind, known(root).python) == (Kind.VENV, MINOR)
    assert known(root, Kind.POETRY).kind is Kind.POETRY
    assert known(make(tmp_path / ".tox" / "py311")).kind is Kind.TOX
    assert known(make(tmp_path / ".nox" / "tests")).kind is Kind.NOX


def test_conda_environments(tmp_path: Path) -> None:
    root = make_conda(tmp_path / "miniforge3")
    environment = make_conda(root / "envs" / "ml", python="3.10.4")
    assert (known(root).kind, known(root).python, known(root).base) == (Kind.CONDA, "3.12.1", None)
    assert (known(environment).python, known(environment).base) == ("3.10.4", str(root))
    assert known(make_conda(tmp_path / "pixi", pixi=True)).kind is Kind.PIXI
    assert known(make_conda(tmp_path / "r", python=None)).python is None
    (environment / "bin" / "python").unlink()
    (environment / "bin" / "python").symlink_to("/gone/python3.10")
    assert known(environment).problem == "its Python is gone: /gone/python3.10"


def test_installed_pythons(tmp_path: Path) -> None:
    (tmp_path / "3.12.1" / "bin").mkdir(parents=True)
    assert known(tmp_path / "3.12.1", Kind.PYENV).problem == f"{tmp_path}/3.12.1/bin/python3 does not exist"
    (tmp_path / "3.12.1" / "bin" / "python").symlink_to(BASE)
    found = known(tmp_path / "3.12.1", Kind.PYENV)
    assert (found.python, found.problem) == ("3.12.1", None)
    (tmp_path / "link").symlink_to("gone")
    assert known(tmp_path / "link", Kind.PYENV).problem is not None


def test_what_is_no_environment(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    assert recognise(str(tmp_path)) is None
    assert recognise(str(tmp_path), Kind.POETRY) is None
    assert recognise("/nonexistent", Kind.PYENV) is None


@pytest.mark.parametrize(
    ("base", "activate", "problem"),
    [
        ("/gone/python3.11", None, "its Python is gone: /gone/python3.11"),
        ("/gone/python3.11", "/app/.venv", "made elsewhere, on /gone/python3.11"),
        (BASE, "/old/.venv", "moved from /old/.venv, which its scripts name"),
    ],
)
def test_why_an_environment_is_broken(base: str, activate: str | None, problem: str, tmp_path: Path) -> None:
    assert known(make(tmp_path / "env", base, activate=activate)).problem == problem


def test_last_used_is_when_its_files_were_read_or_changed_and_looking_does_not_count(tmp_path: Path) -> None:
    root = make(tmp_path / "env")
    [packages] = root.glob("lib/python*/site-packages")
    for path, read, changed in ((root / "pyvenv.cfg", 2_000_000, 1_000_000), (packages, 5_000_000, 1_500_000)):
        os.utime(path, (read, changed))
    assert known(root).used == 2_000_000
    assert known(root).used == 2_000_000
    os.utime(packages, (5_000_000, 3_000_000))
    assert known(root).used == 3_000_000


def test_this_environment_is_recognised() -> None:
    assert known(Path(sys.prefix)).problem is None
