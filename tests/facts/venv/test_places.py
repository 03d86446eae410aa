from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.venv.active import probe_project_venv
from envdoctor.facts.venv.places import conda_environment
from envdoctor.system.session import Launch, Session


def environment(root: Path) -> Path:
    (root / "bin").mkdir(parents=True)
    (root / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.2\n")
    return root


def found(directory: Path) -> str | None:
    try:
        near = probe_project_venv(Session({}, str(directory), Launch()))
    except Unavailable:
        return None
    return near.path


@pytest.mark.parametrize("name", [".venv", "venv", ".env", "env", ".virtualenv", "virtualenv"])
def test_every_usual_name_here_and_in_the_project(tmp_path: Path, name: str) -> None:
    root = environment(tmp_path / "app" / name)
    (tmp_path / "app/sub").mkdir()
    assert found(tmp_path / "app") == str(root)
    assert found(tmp_path / "app/sub") == (str(root) if name == ".venv" else None)
    (tmp_path / "app/requirements.txt").touch()
    assert found(tmp_path / "app/sub") == str(root)


def test_no_other_name_counts_above_the_project(tmp_path: Path) -> None:
    environment(tmp_path / "venv")
    (tmp_path / "requirements.txt").touch()
    (tmp_path / "app/.git").mkdir(parents=True)
    assert found(tmp_path / "app") is None


def test_dot_venv_comes_first_and_of_several_others_none(tmp_path: Path) -> None:
    environment(tmp_path / "venv")
    environment(tmp_path / "env")
    assert found(tmp_path) is None
    assert found(environment(tmp_path / ".venv").parent) == str(tmp_path / ".venv")


def test_a_name_alone_is_no_environment(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SECRET=1\n")
    (tmp_path / "venv").mkdir()
    assert found(tmp_path) is None


@pytest.mark.parametrize("name", ["envs", "env", ".conda", ".pixi/envs/default"])
def test_conda_and_pixi(tmp_path: Path, name: str) -> None:
    assert conda_environment(str(tmp_path)) is None
    (tmp_path / name / "conda-meta").mkdir(parents=True)
    assert conda_environment(str(tmp_path)) == str(tmp_path / name)
    assert found(tmp_path) is None
