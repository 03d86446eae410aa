"""PRJ005, PRJ006: managers that contradict each other, are missing, or work elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clinic.conda import CondaRoot, make_root
from tests.clinic.environments import by_uv, by_venv
from tests.clinic.patient import Patient
from tests.clinic.projects import pyproject, stock, write
from tests.wheels import write_command_wheel

LOCK = '[[package]]\nname = "{}"\nversion = "{}"\n'
POETRY = '[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = ">=3.9"\n'


@pytest.fixture
def user(patient: Patient) -> Patient:
    """A user with packages to install."""
    stock(patient)
    return patient


@pytest.fixture
def conda(user: Patient) -> CondaRoot:
    """conda, set up for bash, with one environment."""
    root = make_root(user.home / "miniconda3", pip=True)
    root.environment("ml", pip=True)
    (user.home / ".bashrc").write_text(root.block())
    return root


def of_projects(patient: Patient) -> list[str]:
    """What this family says."""
    return patient.examine("--select", "PRJ").problems()


def poetry_project(patient: Patient) -> Path:
    """A project of poetry's with an environment in it."""
    patient.install("poetry")
    write(patient.project / "pyproject.toml", POETRY)
    return by_venv(patient, patient.project / ".venv")


def where_poetry_works(patient: Patient) -> str:
    return patient.does("poetry env info -p").stdout.strip()


@pytest.mark.sick("PRJ005")
def test_of_two_locks_that_contradict_one_is_moved_aside(user: Patient) -> None:
    user.install("uv", "poetry")
    pyproject(user, "alpha", more="[tool.uv]\n")
    user.prepares("uv", "sync", "-q")
    write(user.project / "poetry.lock", LOCK.format("alpha", "1.0") + LOCK.format("beta", "2.0"))
    before = user.examine()
    assert before.finding("PRJ005")["severity"] == "warning"
    assert before.finding("PRJ005")["message"] == "uv.lock and poetry.lock lock alpha at 2.0 and at 1.0"
    user.cure("PRJ005", before=before)
    user.does("uv sync --locked", "test -e uv.lock -a ! -e poetry.lock")


@pytest.mark.sick("PRJ005")
def test_the_manager_of_a_lock_is_installed(user: Patient) -> None:
    user.install("uv")
    write_command_wheel(user.root / "wheels", "poetry")
    write(user.project / "pyproject.toml", POETRY)
    write(user.project / "poetry.lock", "")
    before = user.examine()
    assert before.finding("PRJ005")["severity"] == "info"
    user.cure("PRJ005", before=before)


@pytest.mark.healthy("PRJ005")
def test_managers_that_agree(user: Patient) -> None:
    user.install("uv", "poetry", "pipenv")
    backend = '[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n'
    more = '[tool.hatch.version]\npath = "x"\n[tool.uv]\npackage = false\n'
    pyproject(user, "alpha", more=backend + more)
    user.prepares("uv", "sync", "-q")
    # left behind by a change of managers, and still true
    write(
        user.project / "poetry.lock", LOCK.format("alpha", "2.0") + LOCK.format("beta", "2.0") + LOCK.format("old", "1")
    )
    write(user.project / "requirements.txt", "alpha==0.1\n")
    write(user.project / "environment.yml", "name: other\ndependencies: [ffmpeg]\n")
    assert of_projects(user) == []


@pytest.mark.sick("PRJ006")
def test_poetry_takes_over_an_active_environment(user: Patient) -> None:
    own = poetry_project(user)
    other = by_venv(user, user.home / "envs" / "other")
    user.does(f"source {other}/bin/activate")
    assert where_poetry_works(user) == str(other)
    user.cure("PRJ006")
    assert where_poetry_works(user) == str(own)
    assert user.does("echo $VIRTUAL_ENV").stdout.strip() == str(own)


@pytest.mark.sick("PRJ006")
def test_of_another_projects_environment_only_the_special_case_is_told(user: Patient) -> None:
    poetry_project(user)
    write(user.home / "other/requirements.txt", "")
    other = by_venv(user, user.home / "other/.venv")
    user.does(f"source {other}/bin/activate")
    after = user.cure("PRJ006")
    assert "ENV007" not in after.codes


@pytest.mark.sick("PRJ006")
def test_where_the_project_has_none_what_is_active_is_left(user: Patient) -> None:
    user.install("poetry")
    write(user.project / "pyproject.toml", POETRY + 'alpha = "*"\n')
    write(user.home / "other/requirements.txt", "")
    user.does(f"source {by_venv(user, user.home / 'other/.venv')}/bin/activate")
    after = user.cure("PRJ006")
    assert "PRJ003" not in after.codes
    assert "VIRTUAL_ENV" not in user.does("env").stdout


@pytest.mark.sick("PRJ006")
def test_poetry_takes_over_a_conda_environment(user: Patient, conda: CondaRoot) -> None:
    own = poetry_project(user)
    user.does("source ~/.bashrc", "conda activate ml")
    assert where_poetry_works(user) == f"{conda.path}/envs/ml"
    user.cure("PRJ006")
    assert where_poetry_works(user) == str(own)


@pytest.mark.sick("PRJ006")
def test_poetry_passes_over_what_is_active_beside_condas_base(user: Patient, conda: CondaRoot) -> None:
    own = poetry_project(user)
    other = by_venv(user, user.home / "envs" / "other")
    user.does("source ~/.bashrc", "conda activate base", f"source {other}/bin/activate")
    assert where_poetry_works(user) == str(own)
    user.cure("PRJ006")
    assert where_poetry_works(user) == str(user.does("echo $VIRTUAL_ENV").stdout.strip())


@pytest.mark.sick("PRJ006")
def test_pipenv_takes_over_an_active_environment(user: Patient) -> None:
    user.install("pipenv")
    write(user.project / "Pipfile", "")
    own = by_venv(user, user.project / ".venv")
    other = by_venv(user, user.home / "envs" / "other")
    user.does(f"source {other}/bin/activate")
    assert user.does("pipenv --venv").stdout.strip() == str(other)
    user.cure("PRJ006")
    assert user.does("pipenv --venv").stdout.strip() == str(own)


@pytest.mark.sick("PRJ006")
def test_poetry_passes_over_what_is_active_and_has_no_other(user: Patient, conda: CondaRoot) -> None:
    user.install("poetry")
    write(user.project / "pyproject.toml", POETRY)
    other = by_venv(user, user.home / "envs" / "other")
    user.does("source ~/.bashrc", "conda activate base", f"source {other}/bin/activate")
    user.cure("PRJ006")
    assert where_poetry_works(user) == str(other)


@pytest.mark.healthy("PRJ006")
def test_nothing_but_condas_base_is_active(user: Patient, conda: CondaRoot) -> None:
    own = poetry_project(user)
    user.does("source ~/.bashrc", "conda activate base")
    assert where_poetry_works(user) == str(own)
    assert of_projects(user) == []


@pytest.mark.healthy("PRJ006")
def test_the_projects_own_environment_is_active_by_another_path(user: Patient) -> None:
    own = poetry_project(user)
    (user.home / "link").symlink_to(user.project)
    user.env |= {"VIRTUAL_ENV": str(user.home / "link/.venv"), "PATH": f"{own}/bin:{user.env['PATH']}"}
    assert of_projects(user) == []


@pytest.mark.healthy("PRJ006")
@pytest.mark.parametrize("tool", ["poetry", "pipenv"])
def test_the_only_environment_that_the_project_has(user: Patient, tool: str) -> None:
    user.install(tool)
    write(user.project / "pyproject.toml", POETRY) if tool == "poetry" else write(user.project / "Pipfile", "")
    user.does(f"source {by_uv(user, user.home / 'envs' / 'app')}/bin/activate")
    assert of_projects(user) == []


@pytest.mark.healthy("PRJ006")
def test_pipenv_has_been_told_to_ignore_what_is_active(user: Patient) -> None:
    user.install("pipenv")
    write(user.project / "Pipfile", "")
    by_venv(user, user.project / ".venv")
    user.env["PIPENV_IGNORE_VIRTUALENVS"] = "1"
    user.does(f"source {by_venv(user, user.home / 'envs' / 'other')}/bin/activate")
    assert of_projects(user) == []
