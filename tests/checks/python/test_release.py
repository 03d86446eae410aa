from __future__ import annotations

import pytest

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    SetVariable,
    Severity,
)
from envdoctor.engine.fact import Fact
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.commands.resolve import ShimManager
from envdoctor.facts.libraries.architecture import ForeignModule, MachineCode
from envdoctor.facts.project.pyproject import Pyproject, RequiresPython
from envdoctor.facts.pyenv.versions import Pyenv, PyenvRoot, Selection
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.interpreters import Interpreter
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.date import Today
from envdoctor.facts.venv.layout import Tool
from envdoctor.testing import assess
from envdoctor_checks.python.release import interpreter_architecture, python_end_of_life
from tests.builders import make_active, make_commands, make_hit, make_python, make_venv_python

UV = make_commands(make_hit("uv", "/u/uv", None))
LINK = "https://devguide.python.org/versions/"


def ended(
    python: Interpreter, *facts: Fact, date: str = "2026-11-23", commands: Commands | None = None
) -> list[Finding]:
    active = ActivePython("python", python)
    return assess(python_end_of_life, active, Today(date), commands or Commands(), *facts)


@pytest.mark.sick("PY005")
@pytest.mark.parametrize(
    ("requires", "step"),
    [
        (">=3.9,<3.12", Run("uv", "venv", "--clear", "--seed", "--python", "3.11", "/p/.venv")),
        (">=3.9", Run("uv", "venv", "--clear", "--seed", "--python", ">=3.12", "/p/.venv")),
        ("<3.10", Manual("Widen requires-python: no Python that it admits is maintained")),
    ],
)
def test_the_newer_python_is_one_that_the_project_admits(requires: str, step: Run | Manual) -> None:
    project = Pyproject("/p/pyproject.toml", requires_python=RequiresPython(requires, (requires,), "pyproject.toml:4"))
    python = make_venv_python("/p/.venv", "3.8.18")
    [finding] = ended(python, make_active("/p/.venv", Tool.VENV), project, commands=UV)
    assert finding.fix.actions == (step,)


@pytest.mark.sick("PY005")
def test_a_python_without_security_fixes() -> None:
    python = make_venv_python("/p/.venv", "3.8.18")
    again = Run("uv", "venv", "--clear", "--python", ">=3.12", "/p/.venv")
    assert ended(python, make_active("/p/.venv", Tool.UV)) == [
        Finding(
            "`python` is Python 3.8.18, which has had no security fixes since 2024-10-07",
            where="/p/.venv/bin/python",
            evidence=(Evidence("Python 3.8 reached its end of life on 2024-10-07", LINK),),
            fix=Fix(
                "Recreate the environment on a newer Python; then install its packages again",
                again,
                safety=Safety.DESTRUCTIVE,
            ),
        )
    ]


@pytest.mark.sick("PY005")
@pytest.mark.parametrize(
    ("python", "facts", "steps"),
    [
        (
            make_python("/c", "3.7.1", is_conda=True),
            (CondaActivation(prefix="/c", real="/c"),),
            (Run("conda", "install", "python>=3.12"),),
        ),
        (
            make_python("/r/versions/3.8.18", "3.8.18"),
            (Pyenv((PyenvRoot("/r", "HOME", ("3.8.18", "3.13.0", "mine"), Selection((), "version")),)),),
            (Run("pyenv", "local", "3.13.0"),),
        ),
        (
            make_python("/r/versions/3.8.18", "3.8.18"),
            (Pyenv((PyenvRoot("/r", "HOME", ("3.8.18", "3.13.0"), Selection((), "PYENV_VERSION")),)),),
            (SetVariable("PYENV_VERSION", "3.13.0"),),
        ),
        (
            make_python("/r/versions/2.7.18", "2.7.18"),
            (Pyenv((PyenvRoot("/r", "HOME", ("2.7.18",), Selection((), "version")),)),),
            (Run("pyenv", "install", "3.12"), Run("pyenv", "local", "3.12")),
        ),
    ],
)
def test_the_way_to_a_newer_one_is_its_managers(
    python: Interpreter, facts: tuple[Fact, ...], steps: tuple[Run | SetVariable, ...]
) -> None:
    [finding] = ended(python, *facts)
    assert finding.fix.actions == steps


@pytest.mark.sick("PY005")
@pytest.mark.parametrize(
    ("manager", "by_script", "steps"),
    [
        (ShimManager.MISE, False, (Run("mise", "use", "python@3.12"),)),
        (
            ShimManager.ASDF,
            False,
            (Run("asdf", "install", "python", "latest:3.12"), Run("asdf", "set", "python", "latest:3.12")),
        ),
        (
            ShimManager.ASDF,
            True,
            (Run("asdf", "install", "python", "latest:3.12"), Run("asdf", "local", "python", "latest:3.12")),
        ),
    ],
)
def test_a_version_of_mise_or_asdf_gives_way_to_a_newer_one_of_theirs(
    manager: ShimManager, by_script: bool, steps: tuple[Run, ...]
) -> None:
    shim = f"/home/ada/.{manager.value}/shims/python"
    python = make_python(f"/home/ada/.{manager.value}/installs/python/3.8.18", "3.8.18", asked_as=(shim,))
    commands = make_commands(make_hit("python", shim, shim, manager=manager, by_script=by_script))
    [finding] = ended(python, commands=commands)
    assert finding.fix.actions == steps
    [finding] = ended(make_python("/opt/old", "3.8.18"), commands=commands)
    assert isinstance(finding.fix.actions[0], Manual)  # an interpreter by its path is not the shim's


@pytest.mark.sick("PY005")
def test_others_are_told_what_to_look_for() -> None:
    [finding] = ended(make_python("/opt/old", "3.6.15"))
    assert finding.fix.actions == (Manual("Work with Python 3.12 or newer, for instance in a new environment"),)


@pytest.mark.healthy("PY005")
def test_the_day_of_the_examination_decides() -> None:
    python = make_python("/opt/python3.9", "3.9.25")
    assert ended(python, date="2025-10-31") == []
    assert len(ended(python, date="2025-11-01")) == 1
    assert ended(make_python("/opt/new", "3.19.0")) == []


@pytest.mark.healthy("PY005")
def test_distributions_and_other_implementations_have_dates_of_their_own() -> None:
    assert ended(make_python(version="3.9.2")) == []
    assert ended(make_venv_python("/p/.venv", "3.9.2", base_prefix="/usr")) == []
    assert ended(make_python("/opt/pypy", "3.8.16", implementation="pypy")) == []


def machine(python: Interpreter, code: MachineCode, *facts: Fact, commands: Commands | None = None) -> list[Finding]:
    return assess(interpreter_architecture, code, ActivePython("python", python), commands or Commands(), *facts)


PYTHON = make_venv_python("/p/.venv")
BY_UV = Run("uv", "pip", "install", "--python", "/p/.venv/bin/python", "--reinstall", "fast")
BY_PIP = Run("/p/.venv/bin/python", "-m", "pip", "install", "--force-reinstall", "--no-deps", "fast")


@pytest.mark.sick("PY011")
def test_a_python_under_emulation() -> None:
    python = make_python("/opt/python", "3.12.1", platform="darwin")
    code = MachineCode("/opt/python/bin/python3.12", ("x86_64",), "x86_64", "aarch64")
    wanted = "cpython-3.12-macos-aarch64-none"
    assert machine(python, code, commands=UV) == [
        Finding(
            "`python` is made for x86_64 and runs under emulation on this aarch64 machine",
            where="/opt/python/bin/python3.12",
            evidence=(
                Evidence("made for x86_64", "/opt/python/bin/python3.12"),
                Evidence("the machine is aarch64", "the kernel"),
            ),
            fix=Fix(
                "Recreate the environment on a Python for this machine",
                Run("uv", "python", "install", wanted),
                Run("uv", "venv", "--clear", "--python", wanted),
                safety=Safety.DESTRUCTIVE,
            ),
        )
    ]
    [finding] = machine(python, code)
    assert isinstance(finding.fix.actions[0], Manual)


@pytest.mark.sick("PY011")
@pytest.mark.sick("PY011")
def test_modules_for_another_c_library_are_installed_again() -> None:
    name = "fast.cpython-312-x86_64-linux-musl.so"
    foreign = (ForeignModule("/p/arm.so", ("aarch64",)), ForeignModule(f"/p/{name}", (), "fast", "musl"))
    code = MachineCode("/p/python", ("x86_64",), "x86_64", "x86_64", foreign)
    processor, library = machine(PYTHON, code)
    assert processor.message == "arm.so is made for aarch64, but Python runs on x86_64"
    assert library.message == f"{name} is made for musl, but Python runs with glibc"
    assert library.fix.summary == "Reinstall fast for this machine"
    assert library.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("facts", "commands", "pip", "steps"),
    [
        ((make_active("/p/.venv", Tool.UV),), UV, True, (BY_UV,)),
        ((make_active("/p/.venv", Tool.UV),), None, True, (BY_PIP,)),
        ((), UV, True, (BY_PIP,)),
        ((), UV, False, (BY_UV,)),
        ((), None, False, (Run("/p/.venv/bin/python", "-m", "ensurepip", "--default-pip"), BY_PIP)),
    ],
)
def test_a_module_for_another_machine(
    facts: tuple[Fact, ...], commands: Commands | None, pip: bool, steps: tuple[Run, ...]
) -> None:
    module = ForeignModule("/p/lib/fast.so", ("aarch64",), "fast")
    code = MachineCode("/p/python", ("x86_64",), "x86_64", "x86_64", (module, module))
    python = PYTHON if pip else make_venv_python("/p/.venv", pip=None)
    [finding] = machine(python, code, *facts, commands=commands)
    assert finding.message == "fast.so is made for aarch64, but Python runs on x86_64 (and 1 more)"
    assert finding.severity is Severity.ERROR
    assert finding.fix.actions == steps


def test_a_module_that_nobody_owns() -> None:
    code = MachineCode("/p/python", ("x86_64",), "x86_64", "x86_64", (ForeignModule("/p/x.so", ("i386",)),))
    [finding] = machine(PYTHON, code)
    assert isinstance(finding.fix.actions[0], Manual)


@pytest.mark.healthy("PY011")
@pytest.mark.parametrize(
    ("made_for", "runs_on", "native"),
    [
        (("x86_64",), "x86_64", "x86_64"),
        (("x86_64", "aarch64"), "aarch64", "aarch64"),
        (("i386",), "i386", "x86_64"),
        (("arm",), "arm", "aarch64"),
    ],
)
def test_what_the_processor_runs_by_itself(made_for: tuple[str, ...], runs_on: str, native: str) -> None:
    assert machine(PYTHON, MachineCode("/p/python", made_for, runs_on, native)) == []
