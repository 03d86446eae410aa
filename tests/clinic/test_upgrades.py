"""What an upgrade of Python leaves behind: packages for the one before."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.clinic.channel import link
from tests.clinic.conda import make_root
from tests.clinic.environments import by_venv, install, make_base, pip_tree
from tests.clinic.patient import Patient
from tests.support import needs_python
from tests.wheels import write_command_wheel

pytestmark = pytest.mark.clinic


def install_system(patient: Patient, minor: str) -> Path:
    """A system with one Python, by the names that it always has, and pip beside it."""
    system = patient.root / "system"
    shutil.rmtree(system, ignore_errors=True)
    program = make_base(system, needs_python(minor))
    packages = system / "lib" / program.name / "site-packages"
    shutil.copytree(pip_tree(), packages)
    return system / "bin" / "python3"


@pytest.fixture
def user(patient: Patient) -> Patient:
    """A user of the system's Python 3.10, with a command from `pip install --user`."""
    python = install_system(patient, "3.10")
    patient.env["PATH"] = f"{patient.bin}:{python.parent}:/bin"
    wheel = write_command_wheel(patient.scratch, "greet")
    patient.does(f"python3 -m pip install --quiet --user --no-index {wheel}", "greet")
    return patient


@pytest.mark.sick("PY012")
def test_the_users_commands_are_started_by_the_next_python(user: Patient) -> None:
    install_system(user, "3.12")
    assert "No module named 'greet'" in user.shell.run("greet").stderr
    before = user.examine()
    finding = before.finding("PY012")
    assert finding["message"] == "greet cannot run: installed for Python 3.10, started by Python 3.12"
    user.cure("PY012", before=before)
    assert user.shell.run("greet").status == 127


@pytest.mark.healthy("PY012")
def test_the_users_packages_are_for_the_python_that_is_there(user: Patient) -> None:
    assert "PY012" not in user.examine().codes
    install_system(user, "3.12")
    shutil.copy2(needs_python("3.10"), user.bin / "python3.10")
    assert "PY012" not in user.examine().codes


@pytest.fixture
def conda_user(patient: Patient, channel: Path) -> Patient:
    """A user with an active environment of conda whose Python was another before, when pip installed into it."""
    root = make_root(patient.home / "miniconda3", channel=channel)
    prefix = link(root.path / "envs/ml", channel, "python", "pip")
    wheels = patient.root / "wheels"
    wheels.mkdir()
    wheel = write_command_wheel(wheels, "greet")
    former = [needs_python("3.10"), "-m", "pip", "install", "--quiet", "--no-index", "--no-warn-script-location"]
    patient.prepares(*former, "--prefix", prefix, f"--find-links={wheels}", "greet")
    assert wheel.exists()
    patient.env |= {**root.active(patient.env["PATH"], prefix), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}
    return patient


@pytest.mark.sick("CND016")
def test_condas_python_was_changed_under_pips_packages(conda_user: Patient) -> None:
    assert "No module named greet" in conda_user.shell.run("python -m greet").stderr
    before = conda_user.examine()
    assert before.finding("CND016")["message"].startswith("greet in ")
    conda_user.cure("CND016", before=before)
    conda_user.does("python -m greet")


@pytest.mark.healthy("CND016")
def test_what_pip_has_installed_for_both_pythons_is_there(conda_user: Patient) -> None:
    conda_user.does("python -m pip install --quiet greet")
    assert "CND016" not in conda_user.examine().codes


@pytest.mark.sick("ENV018")
def test_the_python_of_virtualenvwrapper_is_gone(patient: Patient) -> None:
    (patient.home / ".bashrc").write_text(f"export VIRTUALENVWRAPPER_PYTHON={patient.home}/py39/bin/python3\n")
    patient.does("source ~/.bashrc")
    hooks = '"${VIRTUALENVWRAPPER_PYTHON:-python3}" -c 0'  # how virtualenvwrapper.sh starts
    assert patient.shell.run(hooks).status == 127
    before = patient.examine()
    assert before.finding("ENV018")["message"].endswith("py39/bin/python3, which does not exist")
    patient.cure("ENV018", before=before)
    patient.does("source ~/.bashrc", hooks)


@pytest.mark.healthy("ENV018")
def test_virtualenvwrapper_in_an_environment_of_its_own(patient: Patient) -> None:
    root = by_venv(patient, patient.home / "tools")
    install(patient, root, "virtualenvwrapper")
    patient.does(f"export VIRTUALENVWRAPPER_PYTHON={root}/bin/python", f"{root}/bin/virtualenvwrapper")
    assert "ENV018" not in patient.examine().codes
