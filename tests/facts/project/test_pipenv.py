"""Where pipenv is said to work is where the real pipenv says it works: a table of configurations, each put to both."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.project.pipenv import PipenvChoice, PipenvEnvironment, probe_pipenv_environment
from envdoctor.facts.project.project import probe_project
from tests.support import make_session, needs_tool


def said(root: Path, **variables: str) -> PipenvEnvironment:
    session = make_session(environment(root, variables), cwd=root / "my (project)")
    return probe_pipenv_environment(session, probe_project(session))


def environment(root: Path, variables: dict[str, str]) -> dict[str, str]:
    changed = {name: value.replace("ROOT", str(root)) for name, value in variables.items()}
    return {"HOME": str(root), "PATH": os.defpath, "LANG": "C.UTF-8", **changed}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "my (project)").mkdir()
    (tmp_path / "my (project)/Pipfile").write_text("")
    return tmp_path


def make(root: Path, place: str) -> None:
    """What pipenv takes for an environment."""
    (root / place / "bin").mkdir(parents=True)
    (root / place / "bin/activate").touch()


CENTRAL = ".local/share/virtualenvs/NAME"
LOCAL = "my (project)/.venv"
ROWS: list[tuple[list[str], dict[str, str], dict[str, str], str]] = [
    # (environments, files, variables, what pipenv chooses)
    ([CENTRAL], {}, {}, CENTRAL),
    ([LOCAL], {}, {}, LOCAL),
    ([LOCAL, CENTRAL], {}, {}, CENTRAL),
    ([LOCAL, CENTRAL], {}, {"PIPENV_VENV_IN_PROJECT": "1"}, LOCAL),
    ([LOCAL, CENTRAL], {"my (project)/Pipfile": "[pipenv]\nvenv_in_project = true\n"}, {}, LOCAL),
    ([LOCAL, CENTRAL], {}, {"PIPENV_NO_VENV_IN_PROJECT": "1"}, CENTRAL),
    ([LOCAL], {}, {"VIRTUAL_ENV": "ROOT/other"}, "other"),
    ([LOCAL], {}, {"VIRTUAL_ENV": "ROOT/other", "PIPENV_ACTIVE": "1"}, LOCAL),
    ([LOCAL], {}, {"VIRTUAL_ENV": "ROOT/other", "PIPENV_IGNORE_VIRTUALENVS": "1"}, LOCAL),
    ([LOCAL], {}, {"VIRTUAL_ENV": "ROOT/other", "PIPENV_IGNORE_VIRTUALENVS": "no"}, "other"),
    (["work/NAME"], {}, {"WORKON_HOME": "~/work"}, "work/NAME"),
    (["data/virtualenvs/NAME"], {}, {"XDG_DATA_HOME": "ROOT/data"}, "data/virtualenvs/NAME"),
    ([".local/share/virtualenvs/mine"], {}, {"PIPENV_CUSTOM_VENV_NAME": "mine"}, ".local/share/virtualenvs/mine"),
    ([".local/share/virtualenvs/named"], {LOCAL: "named\n"}, {}, ".local/share/virtualenvs/named"),
    (["elsewhere"], {LOCAL: "../elsewhere"}, {}, "elsewhere"),
    ([f"{CENTRAL}-3.11"], {}, {"PIPENV_PYTHON": "3.11"}, f"{CENTRAL}-3.11"),
]


@pytest.mark.clinic
@pytest.mark.parametrize(("environments", "files", "variables", "choice"), ROWS)
def test_pipenv_chooses_what_is_said(
    home: Path, environments: list[str], files: dict[str, str], variables: dict[str, str], choice: str
) -> None:
    name = os.path.basename(said(home).own)
    make(home, "other")
    for place in environments:
        make(home, place.replace("NAME", name))
    for place, text in files.items():
        (home / place).write_text(text)
    seen = said(home, **variables)
    assert (seen.root, seen.exists) == (str(home / choice.replace("NAME", name)), True)
    done = subprocess.run(
        [needs_tool("pipenv"), "--venv"],
        cwd=home / "my (project)",
        env=environment(home, variables),
        capture_output=True,
        text=True,
        check=False,
    )
    assert os.path.normpath(done.stdout.strip()) == seen.root, done.stderr


def test_the_reasons_are_named(home: Path) -> None:
    own = str(home / LOCAL)
    make(home, LOCAL)
    make(home, "other")
    assert said(home, VIRTUAL_ENV="ROOT/other") == PipenvEnvironment(
        PipenvChoice.VIRTUAL_ENV, str(home / "other"), exists=True, own=own, own_exists=True, is_own=False
    )
    assert said(home) == PipenvEnvironment(PipenvChoice.IN_PROJECT, own, exists=True, own=own, own_exists=True)
    missing = said(home, PIPENV_CUSTOM_VENV_NAME="x", PIPENV_VENV_IN_PROJECT="0")
    assert (missing.choice, missing.exists) == (PipenvChoice.OWN, False)


def test_an_empty_redirect_and_a_malformed_pipfile_count_as_none(home: Path) -> None:
    (home / LOCAL).write_text("")
    (home / "my (project)/Pipfile").write_text("[pipenv\n")
    assert said(home).choice is PipenvChoice.OWN


def test_no_project_of_pipenvs(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("")
    session = make_session(cwd=tmp_path)
    with pytest.raises(Unavailable):
        probe_pipenv_environment(session, probe_project(session))
