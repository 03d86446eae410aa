from __future__ import annotations

import msgspec
import pytest

from envdoctor import (
    Activate,
    EditFile,
    Evidence,
    Finding,
    Fix,
    Safety,
    Severity,
    UnsetVariable,
)
from envdoctor.facts.session.context import Examined, Marker
from envdoctor.facts.session.context import Place as Surrounding
from envdoctor.facts.uv.context import CondaPlace, Setting, Surroundings
from envdoctor.facts.uv.directories import Nearby, Place, Standing
from envdoctor.facts.uv.project import UvProject
from envdoctor.facts.uv.settings import (
    UvSettings,
    UvValue,
)
from envdoctor.facts.uv.target import UvTargets, pip_target, run_target
from envdoctor.testing import assess
from envdoctor_checks.common.deactivation import deactivation
from envdoctor_checks.uv.overrides import uv_ignores_active_environment, uv_target_overridden
from tests.builders import make_examined
from tests.checks.uv.literals import NEWEST, OWN

OTHER = Place("/home/ann/other/.venv", python="3.11")


SYSTEM = Place("/usr", Standing.PREFIX, "3.12")


def overridden(seen: Surroundings, settings: UvSettings | None = None, **more: UvProject | Examined) -> list[Finding]:
    unset = msgspec.structs.replace(seen, system=None, request=None, requested=None)
    targets = UvTargets(NEWEST, pip_target(seen), run_target(seen), pip_target(unset))
    facts = {"examined": make_examined(), **more}
    return assess(uv_target_overridden, seen, targets, settings or UvSettings(), *facts.values())


@pytest.mark.sick("UV004")
def test_the_systems_python_is_preferred_to_the_active_environment() -> None:
    seen = Surroundings(NEWEST, virtual_env=OWN, first_plain_python=SYSTEM, system=Setting("1", "UV_SYSTEM_PYTHON"))
    assert overridden(seen) == [
        Finding(
            "UV_SYSTEM_PYTHON sends `uv pip install` to /usr, away from /home/ann/app/.venv",
            Fix("Unset UV_SYSTEM_PYTHON", UnsetVariable("UV_SYSTEM_PYTHON")),
            "UV_SYSTEM_PYTHON",
            (
                Evidence("1", "UV_SYSTEM_PYTHON"),
                Evidence("UV_SYSTEM_PYTHON sends uv to the system's Python", "uv pip install"),
            ),
            Severity.ERROR,
        )
    ]


@pytest.mark.sick("UV004")
def test_a_request_for_another_version_keeps_uv_away() -> None:
    seen = Surroundings(NEWEST, nearby=(Nearby(OWN),), request=Setting("3.12", "UV_PYTHON"))
    [finding] = overridden(seen)
    assert finding.message == "UV_PYTHON sends `uv pip install` nowhere, and keeps it from /home/ann/app/.venv"
    assert finding.severity is Severity.ERROR


@pytest.mark.sick("UV004")
def test_a_file_that_names_another_environment() -> None:
    value = UvValue("pip.python", OTHER.path, "/home/ann/uv.toml", 2, 'python = "/home/ann/other/.venv"')
    request = Setting(OTHER.path, value.origin)
    seen = Surroundings(NEWEST, nearby=(Nearby(OWN),), request=request, requested=OTHER)
    [finding] = overridden(seen, UvSettings(values=(value,)))
    assert finding.severity is Severity.WARNING
    assert finding.fix == Fix(
        "Remove the line",
        EditFile("/home/ann/uv.toml", remove=('python = "/home/ann/other/.venv"',)),
        safety=Safety.CHANGES_STATE,
    )


@pytest.mark.sick("UV004")
def test_the_projects_environment_is_a_whole_installation() -> None:
    place = Place("/opt/conda", Standing.PREFIX, shown="/opt/conda")
    project = UvProject("/home/ann/app", "/home/ann/app", place, "UV_PROJECT_ENVIRONMENT", has_lock=True)
    [finding] = overridden(Surroundings(NEWEST), project=project)
    assert finding.message == (
        "UV_PROJECT_ENVIRONMENT names /opt/conda, where `uv sync` removes all that it did not install"
    )
    assert finding.fix == Fix(
        "Unset UV_PROJECT_ENVIRONMENT, so that the project has its own .venv", UnsetVariable("UV_PROJECT_ENVIRONMENT")
    )


@pytest.mark.healthy("UV004")
@pytest.mark.parametrize(
    "seen",
    [
        Surroundings(NEWEST, first_plain_python=SYSTEM, system=Setting("1", "UV_SYSTEM_PYTHON")),
        Surroundings(NEWEST, virtual_env=OWN, request=Setting("3.11", "UV_PYTHON")),
        Surroundings(NEWEST, virtual_env=OWN, request=Setting(OWN.path, "UV_PYTHON"), requested=OWN),
        Surroundings(NEWEST, virtual_env=OWN, request=Setting("pypy", "UV_PYTHON")),
        Surroundings(NEWEST, virtual_env=OWN),
    ],
)
def test_settings_that_change_nothing_are_healthy(seen: Surroundings) -> None:
    assert overridden(seen) == []


@pytest.mark.healthy("UV004")
def test_a_container_may_be_the_environment_and_another_may_be_made() -> None:
    system = Place("/usr/local", Standing.PREFIX, shown="/usr/local")
    project = UvProject("/app", "/app", system, "UV_PROJECT_ENVIRONMENT", has_lock=True)
    container = make_examined(Marker(Surrounding.CONTAINER, "Docker", "/.dockerenv"))
    assert overridden(Surroundings(NEWEST), project=project, examined=container) == []
    planned = msgspec.structs.replace(project, environment=Place("/envs/app", Standing.MISSING))
    assert overridden(Surroundings(NEWEST), project=planned) == []


PROJECT = UvProject("/home/ann/app", "/home/ann/app", OWN, has_lock=True)


CHILD = CondaPlace(Place("/opt/conda/envs/ml", Standing.PREFIX), "ml", "/opt/conda")


@pytest.mark.sick("UV005")
def test_another_projects_environment_is_active() -> None:
    assert assess(uv_ignores_active_environment, Surroundings(NEWEST, virtual_env=OTHER), PROJECT) == [
        Finding(
            "`uv run` and `uv sync` work in /home/ann/app/.venv, not in the active /home/ann/other/.venv",
            Fix("Activate the project's environment", Activate("/home/ann/app/.venv")),
            "/home/ann/other/.venv",
            (
                Evidence("/home/ann/other/.venv", "VIRTUAL_ENV"),
                Evidence("the project is /home/ann/app", "uv run"),
            ),
        )
    ]


@pytest.mark.sick("UV005")
def test_without_an_environment_of_its_own_leaving_the_other_is_enough() -> None:
    project = msgspec.structs.replace(PROJECT, environment=Place(OWN.path, Standing.MISSING))
    [finding] = assess(uv_ignores_active_environment, Surroundings(NEWEST, virtual_env=OTHER), project)
    assert finding.fix == Fix("Deactivate the environment", *deactivation(OTHER.path))
    [finding] = assess(uv_ignores_active_environment, Surroundings(NEWEST, conda=CHILD), project)
    assert finding.severity is Severity.INFO
    assert finding.message == (
        "`uv run` and `uv sync` will create /home/ann/app/.venv instead of using the active /opt/conda/envs/ml"
    )


@pytest.mark.healthy("UV005")
@pytest.mark.parametrize(
    ("seen", "changes"),
    [
        (Surroundings(NEWEST, virtual_env=OWN), {}),
        (Surroundings(NEWEST, virtual_env=Place("/gone", Standing.MISSING)), {}),
        (Surroundings(NEWEST, virtual_env=Place("/home/ann/app/.tox/py311")), {}),
        (Surroundings(NEWEST, virtual_env=OTHER), {"has_lock": False}),
        (Surroundings(NEWEST, virtual_env=OTHER), {"origin": "UV_PROJECT_ENVIRONMENT"}),
        (Surroundings(NEWEST, conda=CHILD), {}),
        (
            Surroundings(NEWEST, conda=CondaPlace(Place("/opt/conda", Standing.PREFIX), "base")),
            {"environment": Place(OWN.path, Standing.MISSING)},
        ),
        (Surroundings(NEWEST), {}),
    ],
)
def test_the_project_and_the_session_agree(seen: Surroundings, changes: dict[str, object]) -> None:
    assert assess(uv_ignores_active_environment, seen, msgspec.structs.replace(PROJECT, **changes)) == []
