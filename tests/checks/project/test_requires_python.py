"""PRJ001, PRJ002: the Python of a project."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from envdoctor import (
    Activate,
    EditFile,
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    Severity,
    UnsetVariable,
)
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.project.environment import EnvironmentSource, ProjectEnvironment
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.project.pyproject import Dependency, Pyproject, RequiresPython
from envdoctor.facts.project.python_pins import (
    PinFile,
    PinScope,
    PythonPins,
    parse,
)
from envdoctor.facts.project.requires_python import RequiredPython
from envdoctor.facts.pyenv.versions import Pin, Pyenv, PyenvRoot, Selection
from envdoctor.facts.python.available import PythonAtHand, PythonsAtHand
from envdoctor.facts.uv.settings import UvSettings, UvVariable
from envdoctor.facts.venv.layout import Tool
from envdoctor.testing import assess
from envdoctor_checks.common.deactivation import deactivation
from envdoctor_checks.project.requires_python import pin_contradicts_requires_python, requires_python_unmet

ROOT = "/home/ann/app"
MANIFEST = f"{ROOT}/pyproject.toml"
REQUIRES = RequiresPython(">=3.12", (">=3.12",), f"{MANIFEST}:4")
PYPROJECT = Pyproject(MANIFEST, "app", REQUIRES, (Dependency("rich", f"{MANIFEST}:5"),))
AT_HAND = PythonsAtHand((PythonAtHand("3.9", "/usr/bin/python3.9"), PythonAtHand("3.13.1", "/opt/3.13.1/bin/python")))
NONE_AT_HAND = PythonsAtHand()
ASKED = Evidence("the project runs on >=3.12", f"{MANIFEST}:4")


def project(manager: ProjectManager = ProjectManager.PIP) -> Project:
    return Project(ROOT, MANIFEST, ROOT, manager=manager)


def builders(*, uv: tuple[int, ...] | None = None, **more: Any) -> Builders:
    return Builders(project=ROOT, uv=uv, **more)


def environment(version: tuple[int, ...] = (3, 11, 7), root: str = f"{ROOT}/.venv", **more: Any) -> ProjectEnvironment:
    made = ProjectEnvironment(root=root, source=EnvironmentSource.OWN, python=f"{root}/bin/python", version=version)
    return msgspec.structs.replace(made, **more)


def unmet(
    where: ProjectEnvironment,
    shop: Builders,
    manager: ProjectManager = ProjectManager.PIP,
    at_hand: PythonsAtHand = AT_HAND,
    requires: RequiresPython = REQUIRES,
) -> list[Finding]:
    required = RequiredPython(requires)
    return assess(requires_python_unmet, project(manager), required, PYPROJECT, where, shop, at_hand)


@pytest.mark.sick("PRJ001")
def test_an_environment_of_venv_is_recreated() -> None:
    assert unmet(environment(tool=Tool.VENV), builders(uv=(0, 13), requirements=f"{ROOT}/requirements.txt")) == [
        Finding(
            f"{ROOT}/.venv has Python 3.11.7, and the project runs on >=3.12",
            Fix(
                "Recreate the environment with Python 3.13",
                Run("/opt/3.13.1/bin/python", "-m", "venv", "--clear", f"{ROOT}/.venv"),
                Run(f"{ROOT}/.venv/bin/python", "-m", "pip", "install", "-r", f"{ROOT}/requirements.txt", "rich"),
                safety=Safety.DESTRUCTIVE,
            ),
            f"{MANIFEST}:4",
            (ASKED, Evidence("Python 3.11.7", f"{ROOT}/.venv/bin/python")),
        )
    ]


@pytest.mark.sick("PRJ001")
@pytest.mark.parametrize(
    ("where", "shop", "manager", "at_hand", "actions"),
    [
        (
            environment(tool=Tool.UV),
            builders(uv=(0, 13)),
            ProjectManager.PIP,
            NONE_AT_HAND,
            (
                Run("uv", "venv", "--clear", "--python", "3.12", f"{ROOT}/.venv"),
                Run("uv", "pip", "install", "--python", f"{ROOT}/.venv/bin/python", "rich"),
            ),
        ),
        (
            environment(tool=Tool.UV),
            builders(uv=(0, 7)),
            ProjectManager.PIP,
            AT_HAND,
            (
                Run("uv", "venv", "--python", "3.13", f"{ROOT}/.venv"),
                Run("uv", "pip", "install", "--python", f"{ROOT}/.venv/bin/python", "rich"),
            ),
        ),
        (environment(), builders(uv=(0, 13)), ProjectManager.UV, NONE_AT_HAND, (Run("uv", "sync", directory=ROOT),)),
        (
            environment(answers=False),
            builders(missing="poetry"),
            ProjectManager.POETRY,
            AT_HAND,
            (
                Manual("First install poetry itself: it does not run here"),
                Run("poetry", "env", "use", "/opt/3.13.1/bin/python", directory=ROOT),
                Run("poetry", "install", directory=ROOT),
            ),
        ),
        (
            environment(answers=False),
            builders(),
            ProjectManager.POETRY,
            AT_HAND,
            (
                Run("poetry", "env", "use", "/opt/3.13.1/bin/python", directory=ROOT),
                Run("poetry", "install", directory=ROOT),
            ),
        ),
        (
            environment(),
            builders(locked=True),
            ProjectManager.PIPENV,
            AT_HAND,
            (
                *deactivation(environment().root),
                Run("pipenv", "--rm", directory=ROOT),
                Run("pipenv", "sync", "--python", "/opt/3.13.1/bin/python", directory=ROOT),
            ),
        ),
        (
            environment(root="/opt/conda/envs/ml", is_venv=False, is_conda=True),
            builders(),
            ProjectManager.PIP,
            NONE_AT_HAND,
            (Run("conda", "install", "--prefix", "/opt/conda/envs/ml", "python=3.12"),),
        ),
        (
            environment(root="/usr", is_venv=False, source=EnvironmentSource.BARE),
            builders(uv=(0, 13)),
            ProjectManager.PIP,
            NONE_AT_HAND,
            (
                Run("uv", "venv", "--seed", "--python", "3.12", f"{ROOT}/.venv"),
                Run("uv", "pip", "install", "--python", f"{ROOT}/.venv/bin/python", "rich"),
                Activate(f"{ROOT}/.venv"),
            ),
        ),
        (
            environment(root="/home/ann/.virtualenvs/all"),
            builders(),
            ProjectManager.PIP,
            AT_HAND,
            (
                Run("/opt/3.13.1/bin/python", "-m", "venv", f"{ROOT}/.venv"),
                Run(f"{ROOT}/.venv/bin/python", "-m", "pip", "install", "rich"),
                Activate(f"{ROOT}/.venv"),
            ),
        ),
        (
            environment(root="/usr", is_venv=False),
            builders(),
            ProjectManager.POETRY,
            AT_HAND,
            (
                Run("poetry", "env", "use", "/opt/3.13.1/bin/python", directory=ROOT),
                Run("poetry", "install", directory=ROOT),
            ),
        ),
        (
            environment(root="/usr", is_venv=False),
            builders(uv=(0, 13)),
            ProjectManager.PIPENV,
            NONE_AT_HAND,
            (Run("pipenv", "install", "--python", "3.12", directory=ROOT),),
        ),
        (
            environment(root="/usr", is_venv=False),
            builders(uv=(0, 13)),
            ProjectManager.UV,
            NONE_AT_HAND,
            (Run("uv", "sync", directory=ROOT),),
        ),
        (
            environment(),
            builders(),
            ProjectManager.PIP,
            NONE_AT_HAND,
            (Manual("First install Python 3.12: none that fits is installed here"),),
        ),
    ],
)
def test_each_manager_has_its_own_way(
    where: ProjectEnvironment, shop: Builders, manager: ProjectManager, at_hand: PythonsAtHand, actions: tuple[Any, ...]
) -> None:
    [finding] = unmet(where, shop, manager, at_hand)
    assert finding.fix.actions == actions


@pytest.mark.sick("PRJ001")
def test_a_range_that_no_python_fits_is_to_be_widened() -> None:
    [finding] = unmet(environment(), builders(), requires=RequiresPython("<2", ("<2",), "p:1"))
    assert finding.fix.actions == (Manual("Widen requires-python: no release of Python 3 fits"),)


@pytest.mark.healthy("PRJ001")
@pytest.mark.parametrize(
    ("requires", "version"),
    [
        ((">=3.8",), (3, 11, 7)),
        (("<3.12,>=3.8",), (3, 11, 7)),
        ((">=3.11.5",), (3, 11)),  # the last number is not known, and may fit
        ((">=3.12", ">=2.7,<3"), (2, 7, 18)),
        (("no specifier",), (3, 11, 7)),
        (("==3.11.*",), (3, 11, 7)),
    ],
)
def test_a_python_that_fits_or_that_nobody_can_judge(requires: tuple[str, ...], version: tuple[int, ...]) -> None:
    assert unmet(environment(version), builders(), requires=RequiresPython("x", requires, "p:1")) == []


def pinned(text: str, scope: PinScope = PinScope.PROJECT, name: str = ".python-version") -> PythonPins:
    return PythonPins((PinFile(f"{ROOT}/{name}", scope, tuple(parse(text))),))


def contradictions(
    pins: PythonPins | None = None,
    *,
    manager: ProjectManager = ProjectManager.UV,
    uv: tuple[int, ...] | None = (0, 13, 9),
    where: ProjectEnvironment | None = None,
    variable: str | None = None,
    requires: RequiresPython = REQUIRES,
    pyenv: Pyenv | None = None,
) -> list[Finding]:
    settings = UvSettings((UvVariable("UV_PYTHON", variable),) if variable is not None else ())
    facts = (project(manager), RequiredPython(requires), PYPROJECT, settings, builders(uv=uv), AT_HAND)
    return assess(pin_contradicts_requires_python, *facts, *filter(None, (pins, where, pyenv)))


def by_variable(version: str, text: str | None = None) -> Pyenv:
    selection = Selection((Pin(text or version, version),), "PYENV_VERSION")
    return Pyenv((PyenvRoot("/home/ann/.pyenv", "HOME", (version,), selection),))


@pytest.mark.sick("PRJ002")
def test_the_variable_of_pyenv_beats_the_file() -> None:
    chosen = by_variable("3.9.18", "3.9")
    [finding] = contradictions(pinned("3.8\n"), manager=ProjectManager.PIP, pyenv=chosen)
    assert finding.message == "PYENV_VERSION selects Python 3.9.18, and the project runs on >=3.12"
    assert finding.fix == Fix("Unset PYENV_VERSION", UnsetVariable("PYENV_VERSION"))
    assert finding.severity is None
    [finding] = contradictions(where=environment((3, 12, 1)), manager=ProjectManager.PIP, pyenv=chosen)
    assert finding.severity is Severity.WARNING


@pytest.mark.healthy("PRJ002")
def test_a_variable_of_pyenv_that_fits_hides_the_file_and_uv_does_not_know_it() -> None:
    assert contradictions(pinned("3.8\n"), manager=ProjectManager.PIP, pyenv=by_variable("3.12.1")) == []
    assert contradictions(pyenv=by_variable("3.9.18")) == []
    assert contradictions(manager=ProjectManager.PIP, pyenv=by_variable("own-env")) == []


@pytest.mark.sick("PRJ002")
def test_uv_pins_another_python() -> None:
    assert contradictions(pinned("# ours\n3.9\n")) == [
        Finding(
            f"{ROOT}/.python-version pins Python 3.9, and the project runs on >=3.12",
            Fix("Pin Python 3.13", Run("uv", "python", "pin", "3.13", directory=ROOT), safety=Safety.CHANGES_STATE),
            f"{ROOT}/.python-version:2",
            (Evidence("3.9", f"{ROOT}/.python-version:2"), ASKED),
        )
    ]


@pytest.mark.sick("PRJ002")
@pytest.mark.parametrize(
    ("text", "name", "uv", "edit"),
    [
        ("3.9\n", ".python-version", None, EditFile(f"{ROOT}/.python-version", ("3.9",), ("3.13",))),
        ("3.9\n3.12\n", ".python-version", (0, 13), EditFile(f"{ROOT}/.python-version", ("3.9", "3.12"), ("3.12",))),
        ("3.9", ".python-versions", (0, 13), EditFile(f"{ROOT}/.python-versions", ("3.9",), ("3.13",))),
    ],
)
def test_what_uv_would_not_write_as_it_was_is_edited(
    text: str, name: str, uv: tuple[int, ...] | None, edit: EditFile
) -> None:
    [finding] = contradictions(pinned(text, name=name), uv=uv, manager=ProjectManager.PIP)
    assert finding.fix.actions == (edit,)


@pytest.mark.sick("PRJ002")
def test_an_environment_that_the_pin_has_made_is_recreated_too() -> None:
    [finding] = contradictions(pinned("3.11"), where=environment())
    pin, sync = Run("uv", "python", "pin", "3.13", directory=ROOT), Run("uv", "sync", directory=ROOT)
    assert finding.fix == Fix("Pin Python 3.13, and recreate the environment", pin, sync, safety=Safety.DESTRUCTIVE)
    [finding] = contradictions(pinned("3.11"), where=environment((3, 12)))
    assert finding.fix.actions == (pin,)


@pytest.mark.sick("PRJ002")
def test_uv_before_0_9_30_stops_at_a_global_pin() -> None:
    pins = pinned("3.9", PinScope.GLOBAL)
    [finding] = contradictions(pins, uv=(0, 9, 29))
    assert finding.fix.summary == "Pin Python 3.13 for the project itself"
    assert contradictions(pins, uv=(0, 9, 30)) == []
    assert contradictions(pins, uv=(0, 9, 29), manager=ProjectManager.PIP) == []


@pytest.mark.sick("PRJ002")
def test_a_variable_is_a_pin_for_uv() -> None:
    assert contradictions(variable="3.9") == [
        Finding(
            "UV_PYTHON asks uv for Python 3.9, and the project runs on >=3.12",
            Fix("Unset UV_PYTHON", UnsetVariable("UV_PYTHON")),
            "UV_PYTHON",
            (Evidence("3.9", "UV_PYTHON"), ASKED),
        )
    ]
    assert contradictions(variable="3.9", manager=ProjectManager.PIP) == []


@pytest.mark.healthy("PRJ002")
@pytest.mark.parametrize(
    "text",
    [
        *("3.12", "3.12.1", "3", ">=3.9", "cpython-3.12.1-linux-x86_64-gnu", "pypy@3.12", "any", "cpython", "312"),
        *("/usr/bin/python3.9", "system", "miniconda3-4.7.12", "3.12\n3.9", "", "# 3.9"),
    ],
)
def test_a_pin_that_fits_or_that_names_no_version(text: str) -> None:
    assert contradictions(pinned(text)) == []


@pytest.mark.healthy("PRJ002")
@pytest.mark.parametrize("scope", [PinScope.OUTSIDE, PinScope.INSIDE])
def test_a_pin_elsewhere_is_not_the_projects(scope: PinScope) -> None:
    assert contradictions(pinned("3.9", scope)) == []


@pytest.mark.healthy("PRJ002")
@pytest.mark.parametrize("value", ["", "3.12", "/usr/bin/python3.9", "system", "cpython"])
def test_a_variable_that_fits(value: str) -> None:
    assert contradictions(variable=value) == []
