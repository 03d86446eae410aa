"""Every launcher for real: whatever starts envdoctor, the user's own session is examined."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.clinic.patient import Patient
from tests.clinic.uv import OLD, old_uv
from tests.clinic.wheelhouse import PYTHON, Wheelhouse
from tests.support import needs_tool

pytestmark = pytest.mark.clinic


@pytest.fixture
def user(patient: Patient, wheelhouse: Wheelhouse) -> Patient:
    """A user with uv, a project, and an environment of another project active."""
    patient.install("uv", "uvx")
    patient.env |= wheelhouse.offline
    patient.prepares("uv", "venv", "--quiet", patient.home / "mine")
    (patient.project / "pyproject.toml").write_text('[project]\nname = "proj"\nversion = "1"\n')
    patient.does(f"source {patient.home}/mine/bin/activate")
    return patient


def session_of(user: Patient, command: str) -> dict[str, Any]:
    """The session that the report of this command describes."""
    done = user.shell.run(f"{command} --format json")
    document = json.loads(done.stdout)
    session: dict[str, Any] = document["session"]
    assert session["shell"] == "bash"
    return session


def assert_users_own(user: Patient, session: dict[str, Any]) -> None:
    """The session is the user's: their search path, and the environment that they have activated."""
    mine = f"{user.home}/mine"
    assert session["virtual_env"] == mine
    assert session["search_path"] == [f"{mine}/bin", *user.env["PATH"].split(":")]


def assert_left_out(session: dict[str, Any], launcher: str) -> None:
    assert session["launched_as"] == launcher
    assert session["note"].startswith(f"launched by {launcher}")


def test_the_full_path_of_an_environment_that_is_not_active(user: Patient, wheelhouse: Wheelhouse) -> None:
    user.prepares("uv", "venv", "--quiet", user.home / "own")
    user.prepares("uv", "pip", "install", "--quiet", wheelhouse.wheel, VIRTUAL_ENV=f"{user.home}/own", UV_PYTHON="")
    for command in (f"{user.home}/own/bin/envdoctor", f"{user.home}/own/bin/python -m envdoctor"):
        session = session_of(user, command)
        assert_users_own(user, session)
        assert (session["launched_as"], session["note"], session["removed"]) == ("plain", None, [])


def test_installed_in_the_active_environment_it_examines_that(user: Patient, wheelhouse: Wheelhouse) -> None:
    user.prepares("uv", "pip", "install", "--quiet", wheelhouse.wheel, VIRTUAL_ENV=f"{user.home}/mine", UV_PYTHON="")
    for command in ("envdoctor", "python -m envdoctor"):
        session = session_of(user, command)
        assert_users_own(user, session)
        assert (session["launched_as"], session["note"], session["removed"]) == ("plain", None, [])


def test_uv_run_in_a_project(user: Patient, wheelhouse: Wheelhouse) -> None:
    user.prepares("uv", "venv", "--quiet")
    user.prepares("uv", "pip", "install", "--quiet", wheelhouse.wheel, UV_PYTHON="")
    session = session_of(user, "uv run --quiet --no-sync envdoctor")
    assert_users_own(user, session)
    assert_left_out(session, "uv run")
    assert session["removed"] == [f"{user.project}/.venv/bin"]


def test_uv_run_with_envdoctor_as_a_layer(user: Patient, wheelhouse: Wheelhouse) -> None:
    session = session_of(user, f"uv run --quiet --with {wheelhouse.wheel} envdoctor")
    assert_users_own(user, session)
    assert_left_out(session, "uv run --with")
    assert session["removed"][-1] == f"{user.project}/.venv/bin"


@pytest.mark.parametrize("options", ["--isolated", "--no-project", "--no-cache"])
def test_uv_run_with_other_layers(user: Patient, wheelhouse: Wheelhouse, options: str) -> None:
    session = session_of(user, f"timeout 60 uv run --quiet {options} --with {wheelhouse.wheel} envdoctor")
    assert_users_own(user, session)
    assert_left_out(session, "uv run --with")


def test_a_shell_below_uv_run_stands_on_what_the_layer_covers(user: Patient, wheelhouse: Wheelhouse) -> None:
    session = session_of(user, f"uv run --quiet --with {wheelhouse.wheel} bash -c 'envdoctor \"$@\"; exit' -")
    assert session["virtual_env"] == f"{user.project}/.venv"
    assert session["search_path"][0] == f"{user.project}/.venv/bin"


@pytest.mark.parametrize("command", ["uvx --from", "uv tool run --from", "uvx --no-cache --from"])
def test_uvx(user: Patient, wheelhouse: Wheelhouse, command: str) -> None:
    session = session_of(user, f"{command} {wheelhouse.wheel} envdoctor")
    assert_users_own(user, session)
    assert_left_out(session, "uvx")
    assert len(session["removed"]) == 1


def test_an_older_uv(user: Patient, wheelhouse: Wheelhouse, tmp_path_factory: pytest.TempPathFactory) -> None:
    uv = old_uv(OLD[0], tmp_path_factory.getbasetemp().parent / "old-uv")
    for command, launcher in ("run --quiet --with", "uv run --with"), ("tool run --from", "uvx"):
        session = session_of(user, f"{uv} {command} {wheelhouse.wheel} envdoctor")
        assert_users_own(user, session)
        assert_left_out(session, launcher)


def test_uv_tool(user: Patient, wheelhouse: Wheelhouse) -> None:
    user.prepares("uv", "tool", "install", "--quiet", wheelhouse.wheel)
    session = session_of(user, "envdoctor")
    assert_users_own(user, session)
    assert (session["launched_as"], session["note"]) == ("uv tool", None)

    session = session_of(user, "uvx python-envdoctor")
    assert_users_own(user, session)
    assert_left_out(session, "uvx")

    session = session_of(user, "uv run --quiet envdoctor")
    assert_users_own(user, session)
    assert_left_out(session, "uv run")


def test_pipx(user: Patient, wheelhouse: Wheelhouse) -> None:
    user.install("pipx")
    user.prepares("pipx", "install", "--quiet", "--backend", "uv", "--python", PYTHON, wheelhouse.wheel)
    session = session_of(user, "envdoctor")
    assert_users_own(user, session)
    assert (session["launched_as"], session["note"]) == ("pipx", None)


@pytest.mark.parametrize("backend", ["uv", "pip"])
def test_pipx_run(user: Patient, wheelhouse: Wheelhouse, backend: str) -> None:
    user.install("pipx")
    session = session_of(user, f"pipx run --backend {backend} --python {PYTHON} --spec {wheelhouse.wheel} envdoctor")
    assert_users_own(user, session)
    assert_left_out(session, "pipx run")


def test_pipx_run_that_hands_over_to_uv(user: Patient) -> None:
    user.install("pipx")
    session = session_of(user, f"pipx run --backend uv --python {PYTHON} python-envdoctor")
    assert_users_own(user, session)
    assert_left_out(session, "pipx run")
    assert len(session["removed"]) == 1


def pyenv(user: Patient, wheelhouse: Wheelhouse) -> Path:
    """A pyenv root of the user's own, with one version, in which envdoctor is installed."""
    real = Path(needs_tool("pyenv")).resolve().parent.parent
    root = user.home / ".pyenv"
    shutil.copytree(real / "libexec", root / "libexec", symlinks=True)
    (root / "plugins" / "some" / "bin").mkdir(parents=True)
    user.prepares("uv", "venv", "--quiet", root / "versions" / "3.99.1")
    python = root / "versions" / "3.99.1" / "bin" / "python"
    user.prepares("uv", "pip", "install", "--quiet", "--python", python, wheelhouse.wheel, UV_PYTHON="")
    user.prepares(root / "libexec" / "pyenv", "rehash", PYENV_ROOT=str(root))
    return root


def test_a_pyenv_shim(user: Patient, wheelhouse: Wheelhouse) -> None:
    root = pyenv(user, wheelhouse)
    (user.project / ".python-version").write_text("3.99\n")
    session = session_of(user, f"{root}/shims/envdoctor")
    assert_users_own(user, session)
    assert session["launched_as"] == "pyenv shim"
    assert session["removed"] == [
        f"{root}/versions/3.99.1/bin",
        f"{root}/libexec",
        f"{root}/plugins/some/bin",
    ]


def test_a_shell_below_a_pyenv_shim(user: Patient, wheelhouse: Wheelhouse) -> None:
    """There the shim's search path is what the shell itself has: it is not to be taken away."""
    root = pyenv(user, wheelhouse)
    shutil.copy("/bin/bash", root / "versions" / "3.99.1" / "bin" / "mybash")
    user.prepares(root / "libexec" / "pyenv", "rehash", PYENV_ROOT=str(root))
    user.does("export PYENV_VERSION=3.99.1")
    done = user.shell.run(f"{root}/shims/mybash -c 'envdoctor \"$@\"; exit' - --format json")
    session = json.loads(done.stdout)["session"]
    assert (session["launched_as"], session["search_path"][0]) == ("plain", f"{root}/versions/3.99.1/bin")


@pytest.mark.parametrize("manager", ["poetry", "pipenv"])
def test_project_managers_choose_the_patient(user: Patient, wheelhouse: Wheelhouse, manager: str) -> None:
    """`poetry run` asks for the project's environment: that is what is examined, and nothing is left out."""
    user.install(manager)
    user.prepares("uv", "venv", "--quiet")
    user.prepares("uv", "pip", "install", "--quiet", wheelhouse.wheel, UV_PYTHON="")
    (user.project / "Pipfile").touch()
    user.does("deactivate", "export PIPENV_VENV_IN_PROJECT=1 POETRY_VIRTUALENVS_IN_PROJECT=true")
    session = session_of(user, f"{manager} run envdoctor")
    assert (session["launched_as"], session["note"], session["removed"]) == ("plain", None, [])
    assert session["virtual_env"] == f"{user.project}/.venv"
    assert session["search_path"][0] == f"{user.project}/.venv/bin"


def own_libpython() -> Path:
    """The shared library of the Python that runs envdoctor."""
    version = ".".join(map(str, sys.version_info[:2]))
    own = Path(sys.base_prefix, "lib", f"libpython{version}.so.1.0")
    if not own.exists():
        needs_tool(own.name)
    return own


def test_envdoctor_leaves_another_builds_libpython_and_still_examines_the_session(patient: Patient) -> None:
    own = own_libpython()
    other = patient.home / "other" / "lib" / own.name
    other.parent.mkdir(parents=True)
    other.write_bytes(own.read_bytes() + b"another build")
    value = f"{other.parent}:/usr/local/lib"
    trace = patient.root / "loader"
    patient.does(f"export LD_LIBRARY_PATH={value}")
    done = patient.shell.run(
        f"LD_DEBUG=files LD_DEBUG_OUTPUT={trace} {patient.command} check --format json --select LIB & wait $!; echo; "
        f"mv {trace}.$! {trace}"
    )
    document, _ = json.JSONDecoder().raw_decode(done.stdout)
    assert document["facts"]["LibraryPath"]["value"] == value
    loaded = [line for line in trace.read_text().splitlines() if "calling init" in line and own.name in line]
    assert str(other) in loaded[0]
    assert str(own) in loaded[-1]


def test_where_it_cannot_leave_that_library_it_says_so(patient: Patient) -> None:
    own = own_libpython()
    other = patient.home / "other" / own.name
    other.parent.mkdir(parents=True)
    other.write_bytes(own.read_bytes() + b"another build")
    program = "from envdoctor.__main__ import _broken; print(_broken(ImportError('undefined symbol: x')))"
    said = patient.does(f'LD_LIBRARY_PATH={other.parent} {sys.executable} -c "{program}"').stdout
    assert f"has loaded {other}, which belongs to another build of Python: ImportError: undefined symbol: x" in said
    assert "env -u LD_LIBRARY_PATH -u LD_PRELOAD envdoctor" in said


# not dumpable: the kernel shows its environment only to root, which a child of root's is therefore not
PRE_COMMIT = """
import ctypes, subprocess, sys
assert ctypes.CDLL(None).prctl(4, 0, 0, 0, 0) == 0
sys.exit(subprocess.run(sys.argv[1:]).returncode)
"""


@pytest.mark.parametrize("option", ["", "--strict"])
def test_a_hook_of_a_pre_commit_that_cannot_be_seen_is_never_healthy(patient: Patient, option: str) -> None:
    own = patient.command.removesuffix("/bin/envdoctor")
    rights = "+dac_override,+dac_read_search"  # to run what lies in root's home
    other = [needs_tool("setpriv"), "--reuid=65534", f"--inh-caps={rights}", f"--ambient-caps={rights}"]
    other = other if os.getuid() == 0 else []
    hook = {"PRE_COMMIT": "1", "VIRTUAL_ENV": own, "PATH": f"{own}/bin:{patient.env['PATH']}"}
    done = subprocess.run(
        [sys.executable, "-c", PRE_COMMIT, *other, patient.command, "--select", "PRJ008", *filter(None, [option])],
        env=patient.env | hook,
        cwd=patient.project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stdout + done.stderr
    assert "launched by pre-commit, which hides what VIRTUAL_ENV was" in done.stdout
    assert "the environment of pre-commit" in done.stdout
    assert "Healthy" not in done.stdout
