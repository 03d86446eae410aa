"""What settings of pip do: installs that land elsewhere or nowhere, refusals, and the settings that are meant so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clinic.conda import make_root
from tests.clinic.environments import by_venv
from tests.clinic.patient import Patient
from tests.wheels import write_wheel


@pytest.fixture
def user(patient: Patient) -> Patient:
    """A user with an active environment that has pip, who installs from a directory with one small package."""
    wheels = patient.root / "wheels"
    wheels.mkdir()
    write_wheel(wheels, "small", "1.0", files={"small.py": ""})
    patient.env |= {"PIP_FIND_LINKS": str(wheels), "PIP_NO_INDEX": "1"}
    by_venv(patient, patient.project / ".venv")
    patient.does("source .venv/bin/activate")
    return patient


def write_config(patient: Patient, text: str) -> Path:
    path = patient.home / ".config/pip/pip.conf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.mark.sick("PIP003")
@pytest.mark.parametrize("patient", ["zsh"], indirect=True)
def test_a_target_variable_hides_what_was_installed(user: Patient) -> None:
    user.does("export PIP_TARGET=$HOME/lib", "pip install small")
    assert user.shell.run("python -c 'import small'").status == 1
    assert user.examine().finding("PIP003")["severity"] == "error"
    user.cure("PIP003")
    user.does("pip install small", "python -c 'import small'")


@pytest.mark.sick("PIP003")
@pytest.mark.parametrize("option", ["target", "prefix"])
def test_pip_stops_where_a_user_install_is_asked_for_too(option: str, user: Patient) -> None:
    user.does(f"export PIP_{option.upper()}=$HOME/lib PIP_USER=1")
    assert "Can not combine '--user' and" in user.shell.run("pip install small").stderr
    before = user.examine()
    assert "stops every install" in before.finding("PIP003")["message"]
    assert "PIP004" not in before.codes
    user.cure("PIP003", before=before)
    user.does("pip install small", "python -c 'import small'")


@pytest.mark.sick("PIP003")
def test_a_prefix_in_a_file_is_taken_out_and_the_rest_stays(user: Patient) -> None:
    path = write_config(user, f"[global]\ntimeout = 5\n[install]\nprefix = {user.home}/other\nuser = no\n")
    assert user.examine().finding("PIP003")["evidence"][0]["origin"] == f"{path}:4"
    user.cure("PIP003")
    assert path.read_text() == "[global]\ntimeout = 5\n[install]\nuser = no\n"


@pytest.mark.sick("PIP003")
def test_a_target_on_pythonpath_is_a_warning(user: Patient) -> None:
    user.does("export PIP_TARGET=$HOME/lib PYTHONPATH=$HOME/lib")
    assert user.examine().finding("PIP003")["severity"] == "warning"


@pytest.mark.healthy("PIP003")
def test_a_pip_python_that_names_the_environment_and_values_for_other_commands(user: Patient) -> None:
    write_config(user, "[download]\ntarget = /elsewhere\n[global]\ntarget =\n")
    user.does("export PIP_PYTHON=$VIRTUAL_ENV/bin/python PIP_PREFIX= PIP_ROOT=/")
    assert "PIP003" not in user.examine().codes


@pytest.mark.sick("PIP004")
@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_user_installs_are_overruled_for_the_shell(user: Patient, shell: str) -> None:
    user.close_shell()
    user.shell_name = shell
    user.does("source .venv/bin/activate" + (".fish" if shell == "fish" else ""), "export PIP_USER=1")
    refused = user.shell.run("pip install small")
    assert "--user' install" in refused.stderr
    user.cure("PIP004")
    user.does("pip install small")


@pytest.mark.sick("PIP004")
def test_user_installs_of_a_file_are_overruled_in_the_environment(user: Patient) -> None:
    path = write_config(user, "[install]\nuser = true\n")
    user.cure("PIP004")
    assert path.read_text() == "[install]\nuser = true\n"
    assert (user.project / ".venv/pip.conf").read_text() == "[install]\nuser = false\n"
    user.does("pip install small")


@pytest.mark.healthy("PIP004")
def test_user_installs_where_they_work_or_do_not_count(user: Patient) -> None:
    path = write_config(user, "[global]\nuser = true\n")
    user.does("export PIP_CONFIG_FILE=/dev/null")
    assert "PIP004" not in user.examine().codes
    user.does("unset PIP_CONFIG_FILE", "printf '[install]\\nuser = false\\n' > .venv/pip.conf")
    assert "PIP004" not in user.examine().codes
    user.does("rm .venv/pip.conf", "sed -i 's/= false/= true/' .venv/pyvenv.cfg")
    assert "include-system-site-packages = true" in (user.project / ".venv/pyvenv.cfg").read_text()
    assert "PIP004" not in user.examine().codes
    assert path.exists()


@pytest.mark.sick("PIP007")
def test_a_value_that_stops_every_install(user: Patient) -> None:
    user.does("export PIP_NO_DEPS=maybe")
    assert user.shell.run("pip install small").status == 2
    user.cure("PIP007")
    user.does("pip install small")


@pytest.mark.sick("PIP007")
@pytest.mark.parametrize(
    "text",
    [
        "timeout = 5\n# mine\nretries = 1\n",
        "[global]\nretries = 1\njunk\n[install]\nx\n",
        "\ufeff[global]\nretries = 1\n",
    ],
)
def test_a_file_that_pip_cannot_parse(user: Patient, text: str) -> None:
    path = write_config(user, text)
    assert user.shell.run("pip install small").status != 0
    user.cure("PIP007")
    assert "retries = 1" in path.read_text()
    user.does("pip install small")


@pytest.mark.healthy("PIP007")
def test_what_pip_takes_or_passes_over(user: Patient) -> None:
    path = write_config(user, "[global]\nuser =\nno-such-option = x\n[list]\nuser = maybe\n; comment\n")
    user.does("export PIP_USER= PIP_BOGUS=maybe PIP_VERBOSE=2", "pip install small")
    assert "PIP007" not in user.examine().codes
    path.unlink()
    path.mkdir()
    user.does("pip install small")
    assert "PIP007" not in user.examine().codes


@pytest.mark.sick("PIP008")
@pytest.mark.healthy("PIP008")
def test_a_demand_for_a_virtual_environment_in_conda(patient: Patient) -> None:
    root = make_root(patient.home / "miniconda3", pip=True)
    patient.env |= {**root.active(patient.env["PATH"]), "PIP_REQUIRE_VIRTUALENV": "1", "PIP_NO_INDEX": "1"}
    refused = patient.shell.run("pip install small")
    assert "Could not find an activated virtualenv (required)" in refused.stderr
    patient.cure("PIP008")
    assert "activated virtualenv" not in patient.shell.run("pip install small").stderr
    by_venv(patient, patient.project / ".venv")
    patient.does("export PIP_REQUIRE_VIRTUALENV=1", "source .venv/bin/activate")
    assert "PIP008" not in patient.examine().codes
