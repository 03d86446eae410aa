"""A Python that belongs to the system: its guard switched off, and where to install when it is on."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.clinic.conda import make_prefix, pip_wheel
from tests.clinic.environments import by_venv
from tests.clinic.patient import Patient
from tests.wheels import write_wheel

MARKER = "[externally-managed]\nError=To install packages, ask the system.\n"


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with pip as a distribution ships it. Tests do not change it."""
    prefix = make_prefix(tmp_path_factory.mktemp("system") / "usr", pip=True)
    shutil.rmtree(prefix / "conda-meta")
    (prefix / f"lib/python3.{sys.version_info[1]}/EXTERNALLY-MANAGED").write_text(MARKER)
    return prefix


@pytest.fixture
def user(patient: Patient, system: Path) -> Patient:
    """A user with nothing active, who installs from a directory with one small package."""
    wheels = patient.root / "wheels"
    wheels.mkdir()
    write_wheel(wheels, "small", "1.0", files={"small.py": ""})
    (wheels / pip_wheel().name).symlink_to(pip_wheel())
    patient.env |= {"PIP_FIND_LINKS": str(wheels), "PIP_NO_INDEX": "1"}
    patient.env["PATH"] = f"{system}/bin:{patient.env['PATH']}"
    return patient


@pytest.mark.sick("PIP005")
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_guard_works_again(user: Patient, shell: str) -> None:
    user.shell_name = shell
    user.does("export PIP_BREAK_SYSTEM_PACKAGES=1")
    user.cure("PIP005", unmasked={"PIP006"})
    assert "externally-managed-environment" in user.shell.run("pip install small").stderr


@pytest.mark.sick("PIP005")
def test_the_setting_goes_out_of_the_file(user: Patient) -> None:
    path = user.home / ".config/pip/pip.conf"
    path.parent.mkdir(parents=True)
    path.write_text("[install]\nbreak-system-packages = true\n")
    user.cure("PIP005", unmasked={"PIP006"})
    assert path.read_text() == "[install]\n"


@pytest.mark.healthy("PIP005")
def test_a_job_may_do_with_its_machine_what_it_likes(user: Patient) -> None:
    user.does("export PIP_BREAK_SYSTEM_PACKAGES=1 CI=true")
    assert {"PIP005", "PIP006"} & user.examine().codes == set()


@pytest.mark.sick("PIP006")
def test_a_project_gets_an_environment_of_its_own(user: Patient) -> None:
    assert "externally-managed-environment" in user.shell.run("pip install small").stderr
    before = user.examine()
    assert before.finding("PIP006")["severity"] == "info"
    assert before.exit_code == 0
    user.cure("PIP006", before=before)
    user.does("pip install small", "python -c 'import small'")


@pytest.mark.sick("PIP006")
@pytest.mark.parametrize("pin", ["/no/python", "3.99"])
def test_a_pin_that_nobody_can_meet_does_not_keep_uv_from_making_one(user: Patient, pin: str) -> None:
    user.install("uv")
    for seed in ("setuptools", "wheel"):
        write_wheel(user.root / "wheels", seed, "1.0", files={f"{seed}.py": ""})
    user.env |= {"UV_FIND_LINKS": user.env["PIP_FIND_LINKS"], "UV_OFFLINE": "1"}
    (user.project / ".python-version").write_text(f"{pin}\n")
    assert "No interpreter found" in user.shell.run("uv venv").stderr
    user.cure("PIP006")
    user.does("python -m pip install small", "python -c 'import small'")


@pytest.fixture
def split(user: Patient) -> Path:
    """Where the user's system keeps what it has split off its Python: ensurepip, without which `-m venv` fails."""
    prefix = make_prefix(user.root / "usr", pip=True)
    shutil.rmtree(prefix / "conda-meta")
    library = prefix / f"lib/python3.{sys.version_info[1]}"
    (library / "EXTERNALLY-MANAGED").write_text(MARKER)
    (library / "ensurepip").rename(user.root / "ensurepip")
    user.env["PATH"] = f"{prefix}/bin:{user.env['PATH']}"
    assert user.shell.run("python -m venv ../halfway").status == 1
    return library


@pytest.mark.sick("PIP006")
def test_what_the_system_has_split_off_comes_first(user: Patient, split: Path) -> None:
    first, made, _ = user.examine().finding("PIP006")["fix"]["commands"]["bash"]
    assert "sudo apt install python3." in first
    (user.root / "ensurepip").rename(split / "ensurepip")  # as the step to read says
    before = user.examine()
    assert before.finding("PIP006")["fix"]["commands"]["bash"][0] == made
    user.cure("PIP006", before=before)


@pytest.mark.sick("PIP006")
@pytest.mark.usefixtures("split")
def test_virtualenv_needs_nothing_of_the_system(user: Patient) -> None:
    user.install("virtualenv")
    user.cure("PIP006")
    user.does("pip install small", "python -c 'import small'")


@pytest.mark.healthy("PIP005", "PIP006")
def test_an_environment_on_the_systems_python_is_free(user: Patient, system: Path) -> None:
    by_venv(user, user.project / ".venv", python=system / "bin/python")
    user.does("source .venv/bin/activate", "export PIP_BREAK_SYSTEM_PACKAGES=1")
    assert {"PIP005", "PIP006"} & user.examine().codes == set()
