"""ENV006, ENV007, ENV011, ENV012, ENV014: sound environments that are not the one meant, or not this user's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.clinic.conda import make_prefix, make_root
from tests.clinic.environments import BASE, by_uv, by_venv, provides_pip, uv_project
from tests.clinic.patient import Patient
from tests.support import needs_python


def pip_project(root: Path) -> Path:
    """A project that is kept with pip."""
    root.mkdir(exist_ok=True, parents=True)
    (root / "requirements.txt").write_text("")
    return root


@pytest.mark.sick("ENV006")
def test_the_projects_environment_is_activated(tmp_path: Path) -> None:
    with Patient(tmp_path / "patient", "zsh") as patient:
        python = Path(needs_python("3.12"))
        patient.env["PATH"] = f"{python.parent}:{patient.env['PATH']}"
        pip_project(patient.project)
        by_venv(patient, patient.project / ".venv")
        before = patient.examine()
        assert before.finding("ENV006")["severity"] == "warning"
        patient.cure("ENV006", before=before)


@pytest.mark.sick("ENV006")
def test_where_no_pip_would_install_it_is_only_advice(patient: Patient) -> None:
    pip_project(patient.project)
    by_venv(patient, patient.project / ".venv")
    assert patient.examine().finding("ENV006")["severity"] == "info"


@pytest.mark.healthy("ENV006")
def test_a_project_whose_manager_finds_the_environment_needs_no_activation(patient: Patient) -> None:
    uv_project(patient)
    by_uv(patient, patient.project / ".venv")
    assert patient.examine().problems("warning") == []


@pytest.mark.healthy("ENV006", "ENV007")
def test_an_environment_that_is_first_on_the_path_or_active_from_a_subdirectory_is_in_use(patient: Patient) -> None:
    root = by_venv(patient, pip_project(patient.project) / ".venv")
    (patient.project / "src" / "deep").mkdir(parents=True)
    patient.cwd = patient.project / "src" / "deep"
    patient.env["PATH"] = f"{root}/bin:{patient.env['PATH']}"
    assert "ENV006" not in patient.examine().codes
    patient.env["VIRTUAL_ENV"] = str(root)
    patient.close_shell()
    assert patient.examine().problems("warning") == []


@pytest.mark.sick("ENV007")
def test_another_projects_environment_is_left_for_this_ones(patient: Patient) -> None:
    other = by_venv(patient, pip_project(patient.home / "other") / ".venv")
    own = by_venv(patient, pip_project(patient.project) / ".venv")
    patient.does(f"source {other}/bin/activate")
    assert "`pip install` and `uv pip install` go" in patient.examine().finding("ENV007")["message"]
    patient.cure("ENV007")
    assert patient.does("echo $VIRTUAL_ENV").stdout.strip() == str(own)


@pytest.mark.sick("ENV007")
def test_an_environment_of_a_directory_without_a_project_is_left_for_the_own_one(patient: Patient) -> None:
    other = by_venv(patient, patient.home / "old" / ".venv")
    own = by_venv(patient, patient.project / ".venv")
    patient.does(f"source {other}/bin/activate")
    assert patient.does("pip --version").stdout.count(str(other)) == 1
    before = patient.examine()
    assert before.finding("ENV007")["severity"] == "warning"
    patient.cure("ENV007", before=before)
    assert str(own) in patient.does("pip --version").stdout


@pytest.mark.sick("ENV007")
def test_where_this_project_has_none_it_is_advice(patient: Patient) -> None:
    other = by_venv(patient, pip_project(patient.home / "work" / "other") / ".venv")
    pip_project(patient.project)
    patient.does(f"source {other}/bin/activate")
    before = patient.examine()
    assert before.finding("ENV007")["severity"] == "info"
    patient.cure("ENV007", before=before)


@pytest.mark.healthy("ENV007")
def test_environments_of_no_project_serve_every_project(patient: Patient) -> None:
    pip_project(patient.project)
    by_venv(patient, patient.project / ".venv")
    for place in (patient.home / ".virtualenvs" / "mine", patient.home / "other" / ".tox" / "py311"):
        pip_project(patient.home / "other")
        patient.close_shell()
        patient.does(f"source {by_venv(patient, place)}/bin/activate")
        assert patient.examine().problems("warning") == []


@pytest.mark.healthy("ENV007")
def test_a_shared_environment_that_a_variable_names_is_meant(patient: Patient) -> None:
    uv_project(patient)
    shared = by_uv(patient, pip_project(patient.home / "shared") / ".venv")
    by_uv(patient, patient.project / ".venv")
    patient.env["UV_PROJECT_ENVIRONMENT"] = str(shared)
    patient.does(f"source {shared}/bin/activate")
    assert "ENV007" not in patient.examine().codes


@pytest.mark.sick("ENV011")
def test_an_environment_on_a_conda_environment_is_put_on_another_python(patient: Patient) -> None:
    conda = make_root(patient.home / "miniforge3")
    prefix = conda.environment("ml")
    root = by_uv(patient, patient.project / ".venv", python=prefix / "bin" / "python")
    provides_pip(patient)
    patient.env["PATH"] = f"{os.path.dirname(BASE)}:{patient.env['PATH']}"
    patient.does(f"source {root}/bin/activate")
    before = patient.examine()
    assert before.finding("ENV011")["severity"] == "warning"
    patient.cure("ENV011", before=before)
    assert patient.does("python -V").status == 0


@pytest.mark.sick("ENV011")
def test_on_condas_base_it_is_advice(patient: Patient) -> None:
    conda = make_root(patient.home / "miniforge3")
    root = by_venv(patient, patient.project / ".venv", python=conda.path / "bin" / "python")
    patient.does(f"source {root}/bin/activate")
    assert patient.examine().finding("ENV011")["severity"] == "info"


@pytest.mark.healthy("ENV011")
def test_a_conda_python_that_a_site_provides_is_meant(patient: Patient) -> None:
    prefix = make_prefix(patient.home / "site")
    root = by_venv(patient, patient.project / ".venv", python=prefix / "bin" / "python")
    for place in (prefix, prefix / "bin"):
        os.chown(place, 12345, 12345)
    patient.does(f"source {root}/bin/activate")
    assert patient.examine().problems("warning") == []


@pytest.mark.sick("ENV012")
def test_an_environment_in_the_home_directory_captures_what_is_below(patient: Patient) -> None:
    by_uv(patient, patient.home / ".venv")
    provides_pip(patient)
    patient.cure("ENV012")
    assert (patient.project / ".venv" / "pyvenv.cfg").exists()


@pytest.mark.sick("ENV012")
def test_a_project_in_the_home_directory_is_moved_aside(patient: Patient) -> None:
    uv_project(patient, patient.home)
    patient.cure("ENV012")
    assert sorted(path.name for path in patient.home.glob("*.stray")) == ["pyproject.toml.stray", "uv.lock.stray"]


@pytest.mark.healthy("ENV012")
def test_a_home_that_is_meant_is_left_alone(patient: Patient) -> None:
    root = by_venv(patient, patient.home / ".venv")
    patient.does(f"source {root}/bin/activate")
    assert patient.examine().problems("warning") == []
    patient.close_shell()
    (patient.home / "pyproject.toml").write_text("[tool.ruff]\nline-length = 100\n")
    patient.does(f"source {root}/bin/activate")
    assert "ENV012" not in patient.examine().codes
    patient.close_shell()
    patient.cwd = patient.home
    assert "ENV012" not in patient.examine().codes


@pytest.mark.sick("ENV014")
def test_files_that_root_left_are_given_back(patient: Patient) -> None:
    root = by_venv(patient, patient.project / ".venv")
    for path in (root, *root.rglob("*")):
        os.chown(path, 12345, 12345, follow_symlinks=False)
    (root / "lib" / "left-by-sudo").mkdir()
    [packages] = root.glob("lib/python*/site-packages")
    (packages / "left").mkdir()
    patient.does(f"source {root}/bin/activate")
    patient.cure("ENV014")
    assert (packages / "left").stat().st_uid == 12345


@pytest.mark.healthy("ENV014")
def test_a_shared_environment_of_one_owner_is_meant(patient: Patient) -> None:
    root = by_venv(patient, patient.home / "shared")
    for path in (root, *root.rglob("*")):
        os.chown(path, 12345, 12345, follow_symlinks=False)
    patient.does(f"source {root}/bin/activate")
    assert patient.examine().problems("warning") == []
