"""The default environment of a project of hatch's, held against hatch."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clinic.environments import by_venv
from tests.clinic.patient import Patient
from tests.clinic.projects import stock, write

PROJECT = """\
[project]
name = "My.App"
version = "1"
dependencies = ["alpha"]
[tool.hatch.envs.default]
skip-install = true
"""
CONFIG = ".config/hatch/config.toml"


@pytest.fixture
def user(patient: Patient) -> Patient:
    stock(patient)
    patient.install("hatch")
    write(patient.project / "pyproject.toml", PROJECT)
    return patient


SETTINGS: dict[str, tuple[str, str, str]] = {
    "nothing": ("", "", ""),
    "a path": ('path = "own"\n', "", ""),
    "a variable": ("", "HATCH_ENV_TYPE_VIRTUAL_PATH=made", ""),
    "data": ("", "HATCH_DATA_DIR=$HOME/data", ""),
    "a directory": ("", "", '[dirs.env]\nvirtual = ".hatch"\n'),
}


@pytest.mark.sick("PRJ003")
@pytest.mark.parametrize("setting", SETTINGS)
def test_the_environment_that_hatch_works_in_is_the_projects(user: Patient, setting: str) -> None:
    line, variable, config = SETTINGS[setting]
    write(user.project / "pyproject.toml", PROJECT + line)
    if config:
        write(user.home / CONFIG, config)
    if variable:
        user.does(f"export {variable}")
    root = user.does("hatch env find").stdout.strip()
    assert user.examine("--select", "PRJ").document["facts"].get("ManagedEnvironment", {}).get("root") is None
    by_venv(user, Path(root))
    finding = user.examine("--select", "PRJ003").finding("PRJ003")
    assert finding["message"].startswith(f"{root} lacks what pyproject.toml asks for: ")
    user.cure("PRJ003", arguments=("--select", "PRJ003"))
    user.does(f"{root}/bin/python -c 'import alpha'")


@pytest.mark.healthy("PRJ003", "ENV006")
def test_an_environment_that_hatch_has_not_made_is_no_environment(user: Patient) -> None:
    root = user.does("hatch env find").stdout.strip()
    user.does(f"mkdir -p {root}/bin")
    seen = user.examine("--select", "PRJ,ENV")
    assert seen.problems("warning") == []
    assert all(root not in problem for problem in seen.problems())
