"""A shell whose working directory has been deleted: what the real tools do there, and where the fix leads."""

from __future__ import annotations

import pytest

from tests.clinic.environments import by_venv
from tests.clinic.patient import Patient
from tests.wheels import write_wheel

pytestmark = pytest.mark.clinic


@pytest.fixture
def user(patient: Patient) -> Patient:
    """A user of uv in a project's build directory, with an environment elsewhere that is active."""
    wheels = patient.root / "wheels"
    wheels.mkdir()
    write_wheel(wheels, "small", "1.0", files={"small.py": ""})
    patient.env |= {"PIP_FIND_LINKS": str(wheels), "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": "/dev/null"}
    patient.env |= {"UV_PYTHON_DOWNLOADS": "never"}
    patient.install("uv")
    by_venv(patient, patient.home / "env")
    activate = "activate.fish" if patient.shell_name == "fish" else "activate"
    patient.does(f"source {patient.home}/env/bin/{activate}", "mkdir -p build/x", "cd build/x")
    return patient


def assert_tools_stop(user: Patient) -> None:
    """uv, `pip install` and `python -m pip` find no name for the directory."""
    assert "Current directory does not exist" in user.shell.run("uv pip list").stderr
    for command in ("pip install small", "python -m pip --version"):
        done = user.shell.run(command)
        assert done.status == 1
        assert "No such file or directory" in done.stderr


@pytest.mark.sick("DSK010")
@pytest.mark.parametrize("patient", ["bash", "zsh", "fish"], indirect=True)
def test_a_directory_that_is_deleted(user: Patient) -> None:
    user.does(f"rm -r {user.project}/build")
    assert_tools_stop(user)
    before = user.examine()
    assert before.finding("DSK010")["message"].startswith(f"the working directory {user.project}/build/x has been")
    user.cure("DSK010", before=before)
    assert user.does("pwd").stdout == f"{user.project}\n"
    user.does("uv pip list", "pip install small", "python -m pip --version")


@pytest.mark.sick("DSK010")
def test_a_directory_that_is_deleted_and_made_again(user: Patient) -> None:
    path = user.project / "build/x"
    user.does(f"rm -r {path}", f"mkdir {path}", f"touch {path}/new")
    assert user.does("ls").stdout == ""
    assert_tools_stop(user)
    before = user.examine()
    assert "deleted and made again" in before.finding("DSK010")["message"]
    user.cure("DSK010", before=before)
    assert user.does("ls").stdout == "new\n"
    user.does("uv pip list", "pip install small")


@pytest.mark.healthy("DSK010")
def test_a_directory_that_was_moved_or_is_entered_by_a_link(user: Patient) -> None:
    user.does(f"mv {user.project}/build {user.project}/other", "uv pip list", "pip install small")
    assert "DSK010" not in user.examine().codes
    user.does(f"ln -s {user.project}/other {user.project}/link", f"cd {user.project}/link", "uv pip list")
    assert "DSK010" not in user.examine().codes
