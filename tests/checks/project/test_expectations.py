"""PRJ101, PRJ102, PRJ103, PRJ107: the Python, the manager, the environment and the packages that are expected."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from envdoctor import Activate, Evidence, Finding, Fix, Manager, Manual, Run, Safety, Severity
from envdoctor.facts.conda.environments import CondaEnvironment, CondaEnvironments
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.project.environment import EnvironmentSource, InstalledPackages, ProjectEnvironment
from envdoctor.facts.project.expected import (
    ExpectedEnvironment,
    ExpectedManager,
    ExpectedPackages,
    ExpectedPython,
    JudgedPython,
    PlaceOfEnvironment,
    Wanted,
)
from envdoctor.facts.project.project import Claim, ClaimKind, Project, ProjectManager
from envdoctor.facts.python.available import PythonAtHand, PythonsAtHand
from envdoctor.facts.python.distributions import Distribution
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.venv.layout import Tool
from envdoctor.testing import assess
from envdoctor_checks.project.expectations import (
    expected_environment_inactive,
    expected_manager_missing,
    expected_packages_missing,
    expected_python_missing,
)
from tests.builders import make_commands, make_hit

ROOT = "/home/ann/app"
AT = f"{ROOT}/envdoctor.toml:3"
AT_HAND = PythonsAtHand((PythonAtHand("3.13.1", "/opt/3.13.1/bin/python"),))
CONDA = CondaActivation(prefix="/opt/conda/envs/ml", real="/opt/conda/envs/ml", name="ml")


def project(manager: ProjectManager = ProjectManager.PIP, *claims: Claim) -> Project:
    return Project(ROOT, None, ROOT, claims, manager)


def builders(**more: Any) -> Builders:
    return Builders(project=ROOT, **more)


def environment(**more: Any) -> ProjectEnvironment:
    root = f"{ROOT}/.venv"
    made = ProjectEnvironment(
        root=root, source=EnvironmentSource.OWN, python=f"{root}/bin/python", version=(3, 11, 7), tool=Tool.VENV
    )
    return msgspec.structs.replace(made, **more)


OWN, OTHER = (
    JudgedPython(f"{ROOT}/.venv/bin/python", "3.11.7", answers=True),
    JudgedPython("/usr/bin/python3", "3.9.2", answers=True),
)


def of_python(specifier: str, *pythons: JudgedPython, **more: Any) -> list[Finding]:
    expected = ExpectedPython(specifier, AT, pythons)
    where = None if pythons[0] is OTHER else environment()
    return assess(expected_python_missing, expected, more.get("within"), where, builders(), AT_HAND)


@pytest.mark.sick("PRJ101")
def test_an_environment_with_another_python_is_recreated() -> None:
    assert of_python(">=3.12", OWN, within=project()) == [
        Finding(
            f"{ROOT}/.venv/bin/python is Python 3.11.7, and >=3.12 is expected",
            Fix(
                "Recreate the environment with Python 3.13",
                Run("/opt/3.13.1/bin/python", "-m", "venv", "--clear", f"{ROOT}/.venv"),
                safety=Safety.DESTRUCTIVE,
            ),
            AT,
            (Evidence("python = >=3.12", AT), Evidence("3.11.7", f"{ROOT}/.venv/bin/python")),
        )
    ]


@pytest.mark.sick("PRJ101")
def test_outside_of_an_environment_the_python_that_answers_is_judged() -> None:
    [finding] = of_python(">=3.11", OTHER)
    assert finding.message == "/usr/bin/python3 is Python 3.9.2, and >=3.11 is expected"
    assert finding.severity is None
    assert finding.fix.actions == (Manual("Install a Python that is >=3.11, and activate it"),)


@pytest.mark.sick("PRJ101")
def test_where_the_project_has_one_that_fits_it_is_noted_that_another_answers() -> None:
    [finding] = of_python(">=3.11", OWN, OTHER)
    assert (finding.severity, finding.fix.actions) == (Severity.INFO, (Activate(f"{ROOT}/.venv"),))


@pytest.mark.sick("PRJ101")
def test_without_an_environment_one_is_made_and_uv_brings_its_python() -> None:
    [finding] = of_python(">=3.11", OTHER, within=project())
    place = f"{ROOT}/.venv"
    made = (Run("/opt/3.13.1/bin/python", "-m", "venv", place), Activate(place))
    assert (finding.severity, finding.fix.actions) == (None, made)
    [finding] = of_python(">=3.11", OTHER, within=project(ProjectManager.UV))
    assert (finding.severity, finding.fix.actions) == (Severity.INFO, (Run("uv", "sync", directory=ROOT),))


@pytest.mark.healthy("PRJ101")
@pytest.mark.parametrize("specifier", [">=3.11,<3.12", "==3.11.*", ">=3.8"])
def test_a_python_that_fits_is_fine(specifier: str) -> None:
    assert of_python(specifier, OWN) == []


def of_manager(
    name: str, *hits: str, where: Project | None = None, conda: CondaActivation | None = None
) -> list[Finding]:
    commands = make_commands(*(make_hit(hit, f"/usr/bin/{hit}") for hit in hits))
    return assess(expected_manager_missing, ExpectedManager(name, AT), where, commands, conda)


@pytest.mark.sick("PRJ102")
@pytest.mark.parametrize(
    ("name", "hits", "step"),
    [
        ("poetry", ("uv",), Run("uv", "tool", "install", "poetry")),
        ("pdm", ("pipx",), Run("pipx", "install", "pdm")),
        ("uv", (), Manual("Install uv as its documentation says, outside of the project")),
        ("conda", ("uv",), Manual("Install conda as its documentation says, outside of the project")),
    ],
)
def test_a_manager_that_is_not_there_is_installed(name: str, hits: tuple[str, ...], step: Run | Manual) -> None:
    safety = Safety.CHANGES_STATE if isinstance(step, Run) else Safety.SAFE
    assert of_manager(name, *hits) == [
        Finding(
            f"{name} is expected, and no `{name}` is on the search path",
            Fix(f"Install {name}", step, safety=safety),
            AT,
            (Evidence(f"manager = {name}", AT), Evidence(f"no `{name}`", "PATH")),
        )
    ]


@pytest.mark.sick("PRJ102")
def test_the_lock_of_another_manager_contradicts() -> None:
    lock = Claim(ProjectManager.POETRY, ClaimKind.LOCK, f"{ROOT}/poetry.lock")
    [finding] = of_manager("uv", "uv", where=project(ProjectManager.POETRY, lock))
    assert finding.message == "uv is expected, and the project's files are those of poetry"
    assert finding.severity is Severity.WARNING
    assert finding.fix.actions == (Manual(f"Move {ROOT}/poetry.lock aside, or expect poetry in the configuration"),)


@pytest.mark.healthy("PRJ102")
def test_a_manager_that_is_there_is_fine() -> None:
    lock = Claim(ProjectManager.UV, ClaimKind.LOCK, f"{ROOT}/uv.lock")
    requirements = Claim(ProjectManager.PIP, ClaimKind.FILE, f"{ROOT}/requirements.txt")
    assert of_manager("uv", "uv", where=project(ProjectManager.UV, lock, requirements)) == []
    assert of_manager("uv", "uv", where=project()) == []
    assert of_manager("conda", "micromamba") == []
    assert of_manager("conda", conda=CONDA) == []
    assert of_manager("pip", "python3") == []


def of_environment(
    *places: PlaceOfEnvironment,
    active: str | None = None,
    known: CondaEnvironments | None = None,
    where: Project | None = None,
) -> list[Finding]:
    expected = ExpectedEnvironment(places, AT, active)
    return assess(expected_environment_inactive, expected, known, where, builders(), AT_HAND)


@pytest.mark.sick("PRJ103")
def test_an_environment_that_is_there_is_activated() -> None:
    place = PlaceOfEnvironment(".venv", f"{ROOT}/.venv", is_venv=True)
    assert of_environment(place) == [
        Finding(
            ".venv is expected to be active, and no environment is",
            Fix("Activate the environment", Activate(f"{ROOT}/.venv")),
            AT,
            (Evidence("environment = .venv", AT), Evidence("nothing is active", "the variables of the session")),
        )
    ]


@pytest.mark.sick("PRJ103")
def test_one_of_conda_is_activated_by_conda() -> None:
    name, place = PlaceOfEnvironment("ml", f"{ROOT}/ml"), PlaceOfEnvironment("env", f"{ROOT}/env", is_conda=True)
    known = CondaEnvironments((CondaEnvironment("/opt/conda/envs/ml", "ml", "x"),))
    [finding] = of_environment(name, known=known, active="/opt/conda")
    assert finding.message == "ml is expected to be active, and /opt/conda is"
    assert finding.fix.actions == (Activate("ml", Manager.CONDA),)
    [finding] = of_environment(place)
    assert finding.fix.actions == (Activate(f"{ROOT}/env", Manager.CONDA),)
    [finding] = of_environment(name)
    assert finding.fix.actions == (Manual("Create the environment ml, and activate it"),)


@pytest.mark.sick("PRJ103")
def test_one_that_is_not_there_is_created_first() -> None:
    place = PlaceOfEnvironment(".venv", f"{ROOT}/.venv")
    [finding] = of_environment(place, where=project())
    make = Run("/opt/3.13.1/bin/python", "-m", "venv", f"{ROOT}/.venv")
    assert finding.fix.actions == (make, Activate(f"{ROOT}/.venv"))
    [finding] = of_environment(place, where=project(ProjectManager.UV))
    assert finding.fix.actions == (Run("uv", "sync", directory=ROOT), Activate(f"{ROOT}/.venv"))


@pytest.mark.healthy("PRJ103")
def test_one_of_several_that_is_active_is_enough() -> None:
    first, second = PlaceOfEnvironment("a", "/a", is_venv=True), PlaceOfEnvironment("b", "/b", is_active=True)
    assert of_environment(first, second, active="/b") == []


def of_packages(
    *texts: str,
    installed: tuple[str, ...] = ("alpha 1.0", "pip 26.0"),
    where: ProjectEnvironment | None = None,
    manager: ProjectManager = ProjectManager.PIP,
    **more: Any,
) -> list[Finding]:
    pairs = (text.split() for text in installed)
    packages = InstalledPackages(tuple(Distribution(name, version, f"/x/{name}") for name, version in pairs))
    expected = ExpectedPackages(tuple(Wanted(text, AT) for text in texts))
    return assess(
        expected_packages_missing, expected, where or environment(), packages, project(manager), builders(**more)
    )


@pytest.mark.sick("PRJ107")
def test_packages_that_are_missing_or_of_another_version_are_installed() -> None:
    fix = Fix(
        "Install the packages that are expected",
        Run(f"{ROOT}/.venv/bin/python", "-m", "pip", "install", "alpha>=2", "beta"),
        safety=Safety.CHANGES_STATE,
    )
    assert of_packages("alpha>=2", "beta") == [
        Finding(
            f"alpha 1.0 is installed in {ROOT}/.venv, and alpha>=2 is expected",
            fix,
            AT,
            (Evidence("alpha>=2", AT),),
        ),
        Finding(f"beta is not installed in {ROOT}/.venv, and beta is expected", fix, AT, (Evidence("beta", AT),)),
    ]


@pytest.mark.sick("PRJ107")
@pytest.mark.parametrize(
    ("manager", "more", "where", "step"),
    [
        (ProjectManager.UV, {}, {}, Run("uv", "add", "beta", directory=ROOT)),
        (ProjectManager.POETRY, {}, {}, Run("poetry", "add", "beta", directory=ROOT)),
        (
            ProjectManager.CONDA,
            {},
            {"is_conda": True, "is_venv": False},
            Run("conda", "install", "--prefix", f"{ROOT}/.venv", "beta"),
        ),
        (
            ProjectManager.PIP,
            {"uv": (0, 9)},
            {"tool": Tool.UV},
            Run("uv", "pip", "install", "--python", f"{ROOT}/.venv/bin/python", "beta"),
        ),
        (
            ProjectManager.PIP,
            {},
            {"externally_managed": "/usr/lib/EXTERNALLY-MANAGED"},
            Manual("Install beta into an environment of the project's own"),
        ),
    ],
)
def test_the_manager_of_the_project_installs(
    manager: ProjectManager, more: dict[str, Any], where: dict[str, Any], step: Run | Manual
) -> None:
    [finding] = of_packages("beta", manager=manager, where=environment(**where), **more)
    assert finding.fix.actions == (step,)


@pytest.mark.healthy("PRJ107")
def test_what_satisfies_or_does_not_apply_is_fine() -> None:
    assert of_packages("Alpha<2", "beta; sys_platform == 'win32'", "pip") == []
