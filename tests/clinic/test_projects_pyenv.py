"""PRJ002 with a real pyenv: the variable that beats the file."""

from __future__ import annotations

import pytest

from tests.clinic.environments import by_venv
from tests.clinic.patient import Patient
from tests.clinic.projects import write
from tests.clinic.pyenvs import give_pyenv, installed
from tests.support import needs_python

MANIFEST = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.12"\ndependencies = []\n'


@pytest.fixture
def user(patient: Patient) -> Patient:
    """A user of pyenv, whose project runs on Python 3.12."""
    give_pyenv(patient, "3.1")
    write(patient.project / "pyproject.toml", MANIFEST)
    return patient


def selected(user: Patient) -> str:
    return user.does("python -c 'import sys; print(\"%d.%d\" % sys.version_info[:2])'").stdout.strip()


@pytest.mark.sick("PRJ002")
def test_the_variable_of_pyenv_contradicts_and_the_file_does_not_count(user: Patient) -> None:
    root = user.home / ".pyenv"
    write(user.project / ".python-version", installed(root, "3.12"))
    user.does(f"export PYENV_VERSION={installed(root, '3.11')}")
    assert selected(user) == "3.11"
    before = user.examine("--select", "PRJ002")
    assert "PYENV_VERSION selects Python 3.11" in before.finding("PRJ002")["message"]
    user.cure("PRJ002", before=before, arguments=("--select", "PRJ002"))
    assert selected(user) == "3.12"


@pytest.mark.healthy("PRJ002")
def test_a_variable_that_fits_beats_a_file_that_does_not(user: Patient) -> None:
    root = user.home / ".pyenv"
    write(user.project / ".python-version", installed(root, "3.11"))
    user.does(f"export PYENV_VERSION={installed(root, '3.12')}")
    assert selected(user) == "3.12"
    assert user.examine("--select", "PRJ002").problems() == []


@pytest.mark.sick("PRJ002")
def test_where_the_environment_fits_already_it_is_a_warning(user: Patient) -> None:
    by_venv(user, user.project / ".venv", python=needs_python("3.12"), pip=False)
    user.does(f"export PYENV_VERSION={installed(user.home / '.pyenv', '3.11')}")
    before = user.examine("--select", "PRJ002")
    assert before.finding("PRJ002")["severity"] == "warning"
    user.cure("PRJ002", before=before, arguments=("--select", "PRJ002"))


@pytest.mark.healthy("PRJ002")
def test_uv_takes_its_own_environment_whatever_the_variable_says(user: Patient) -> None:
    by_venv(user, user.project / ".venv", python=needs_python("3.12"), pip=False)
    user.install("uv")
    write(user.project / "pyproject.toml", f"{MANIFEST}[tool.uv]\npackage = false\n")
    user.does(f"export UV_PYTHON_DOWNLOADS=never PYENV_VERSION={installed(user.home / '.pyenv', '3.11')}")
    user.does("uv sync --offline --no-config")
    assert user.examine("--select", "PRJ002").problems() == []
