"""PYE001 and PYE003: shims of a real pyenv that stand too late, or too early."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clinic.environments import by_uv, by_venv
from tests.clinic.patient import SYSTEM_PATH, Patient
from tests.clinic.pyenvs import give_pyenv, installed
from tests.clinic.tree import in_effect


@pytest.mark.sick("PYE001")
def test_shims_that_are_not_on_the_path_are_put_first_now_and_for_good(patient: Patient) -> None:
    root = give_pyenv(patient, "3.1")
    (root / "version").write_text("3.12\n")
    (patient.home / ".bashrc").write_text("alias ll='ls -l'\n")
    patient.env["PATH"] = f"{root}/bin:{SYSTEM_PATH}"
    before = patient.examine()
    assert [item["then_gone"] for item in before.document["plan"]] == [["PIP006"]]
    assert "PIP006" not in patient.cure("PYE001", before=before, unmasked=["PIP009"]).codes
    assert installed(root, "3.12") in patient.does("python -V").stdout
    assert in_effect(patient.home / ".bashrc").endswith(f'eval "$({root}/bin/pyenv init - bash)"\n')


@pytest.mark.sick("PYE001")
def test_shims_that_something_came_before_are_put_first(patient: Patient) -> None:
    root = give_pyenv(patient, "3.1")
    (patient.project / ".python-version").write_text("3.12\n")
    (patient.home / ".bashrc").write_text('eval "$(pyenv init - bash)"\nexport PATH="/usr/bin:$PATH"\n')
    patient.env["PATH"] = f"/usr/bin:{patient.env['PATH']}"
    before = patient.examine()
    assert before.finding("PYE001")["evidence"][-1]["origin"].endswith(".bashrc:1")
    patient.cure("PYE001", before=before)
    assert installed(root, "3.12") in patient.does("python3 -V").stdout


@pytest.mark.healthy("PYE001", "PYE002", "PYE003")
def test_shims_first_and_everything_that_may_stand_before_them_is_healthy(patient: Patient) -> None:
    root = give_pyenv(patient, "3.1")
    (root / "version").write_text("3.12\n")
    assert not [problem for problem in patient.examine().problems() if problem.startswith("PYE")]
    patient.env["PATH"] = f"{root}/versions/{installed(root, '3.12')}/bin:{patient.env['PATH']}"
    patient.close_shell()
    assert not [problem for problem in patient.examine().problems() if problem.startswith("PYE")]
    environment = by_venv(patient, patient.home / "env")
    patient.close_shell()
    patient.does(f"source {environment}/bin/activate")
    assert not [problem for problem in patient.examine().problems() if problem.startswith("PYE")]


@pytest.mark.healthy("PYE001")
def test_who_only_builds_pythons_for_uv_needs_no_shims(patient: Patient) -> None:
    root = give_pyenv(patient, "3.1")
    (root / "version").write_text("3.12\n")
    patient.env["PATH"] = f"{patient.bin}:{root}/bin:{SYSTEM_PATH}"
    patient.install("uv")
    assert "PYE001" not in patient.examine().codes


@pytest.mark.healthy("PYE001")
def test_the_systems_python_is_no_version_of_pyenvs(patient: Patient) -> None:
    root = give_pyenv(patient, "3.1")
    (root / "version").write_text("system\n")
    patient.env["PATH"] = f"{root}/bin:{SYSTEM_PATH}"
    assert "PYE001" not in patient.examine().codes


@pytest.mark.sick("PYE003")
@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_shims_that_a_nested_shell_pushed_before_the_environment(shell: str, tmp_path: Path) -> None:
    with Patient(tmp_path / "patient", shell) as patient:
        root = give_pyenv(patient, "3.1")
        (root / "version").write_text("3.12\n")
        environment = by_venv(patient, patient.project / ".venv")
        patient.does(f"source {environment}/bin/activate", f'eval "$(pyenv init - {shell})"')
        before = patient.examine()
        assert before.finding("PYE003")["severity"] == "error"
        patient.cure("PYE003", before=before)
        assert str(environment) in patient.does("python -c 'import sys; print(sys.prefix)'").stdout


@pytest.mark.healthy("PYE003")
def test_an_environment_of_pyenvs_that_the_shims_run_is_active(patient: Patient) -> None:
    root = give_pyenv(patient, "3.11")
    version = installed(root, "3.11")
    (root / "versions" / version).unlink()
    by_uv(patient, root / "versions" / version / "envs" / "mine")
    (root / "versions" / "mine").symlink_to(f"{version}/envs/mine")
    patient.prepares("pyenv", "rehash")
    environment = root / "versions" / "mine"
    patient.env.update(
        VIRTUAL_ENV=str(environment),
        PYENV_VIRTUAL_ENV=str(environment),
        PYENV_VERSION="mine",
        PATH=f"{patient.env['PATH']}:{environment}/bin",
    )
    assert "PYE003" not in patient.examine().codes
