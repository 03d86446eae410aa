from __future__ import annotations

import pytest

from envdoctor import (
    Activate,
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    Severity,
    UnsetVariable,
)
from envdoctor.engine.fact import Fact
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.pip.command import BarePip
from envdoctor.facts.pip.config_file import PipLevel, PipSetting
from envdoctor.facts.pip.settings import PipSettings
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.python.interpreters import Interpreter
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.context import Place
from envdoctor.facts.venv.active import ProjectVenv
from envdoctor.testing import assess
from envdoctor_checks.pip.externally_managed import externally_managed_bypassed, no_environment_and_externally_managed
from tests.builders import (
    SYSTEM_MARKER,
    make_active,
    make_commands,
    make_examined,
    make_hit,
    make_python,
    make_venv_python,
)

SYSTEM = make_python()
UV = make_commands(make_hit("uv", "/home/me/.local/bin/uv", None))
MANAGED = Evidence("this Python is managed by the system", SYSTEM_MARKER)


def settings(option: str, value: str) -> PipSettings:
    origin = "PIP_" + option.upper().replace("-", "_")
    return PipSettings(settings=(PipSetting(option, value, ":env:", origin, PipLevel.VARIABLE),))


def bare(python: Interpreter) -> BarePip:
    return BarePip("pip", make_hit("pip", f"{python.prefix}/bin/pip", python.path), python)


def bypassed(*places: Place, python: Interpreter = SYSTEM, value: str = "1") -> list[Finding]:
    facts = (bare(python), settings("break-system-packages", value), make_examined(*places))
    return assess(externally_managed_bypassed, *facts)


@pytest.mark.sick("PIP005")
def test_the_guard_is_switched_off() -> None:
    assert bypassed() == [
        Finding(
            "`pip install` changes the Python of the system in /usr: its guard is turned off",
            where="PIP_BREAK_SYSTEM_PACKAGES",
            evidence=(Evidence("PIP_BREAK_SYSTEM_PACKAGES=1", "variable PIP_BREAK_SYSTEM_PACKAGES"), MANAGED),
            fix=Fix(
                "Remove the setting, so that pip protects the system's Python again",
                UnsetVariable("PIP_BREAK_SYSTEM_PACKAGES"),
            ),
            severity=Severity.WARNING,
        )
    ]


@pytest.mark.sick("PIP005")
def test_in_a_container_it_is_information() -> None:
    [finding] = bypassed(Place.CONTAINER)
    assert finding.severity is Severity.INFO


@pytest.mark.healthy("PIP005")
def test_where_there_is_no_guard_or_nobody_to_harm() -> None:
    assert bypassed(Place.CONTAINER, Place.CI) == []
    assert bypassed(value="0") == []
    assert bypassed(python=make_venv_python("/p/.venv")) == []
    assert bypassed(python=make_venv_python("/p/.venv", base_prefix="/usr", externally_managed=SYSTEM_MARKER)) == []


def nowhere(*facts: Fact, commands: Commands | None = None, cwd: str = "/home/me/project") -> list[Finding]:
    given = {type(fact): fact for fact in (bare(SYSTEM), PipSettings(), Builders(), *facts)}
    check = no_environment_and_externally_managed
    return assess(check, *given.values(), commands or Commands(), make_examined(cwd=cwd))


@pytest.mark.sick("PIP006")
def test_nothing_is_active_and_the_system_refuses() -> None:
    assert nowhere() == [
        Finding(
            "no environment is active, and `pip` refuses to install into the system's /usr",
            where="/usr/bin/pip",
            evidence=(MANAGED,),
            fix=Fix(
                "Create an environment for the project",
                Run("/usr/bin/python3", "-m", "venv", ".venv"),
                Activate(".venv"),
                safety=Safety.CHANGES_STATE,
            ),
        )
    ]
    assert nowhere(Builders(manager=ProjectManager.PIP)) == nowhere()
    [finding] = nowhere(commands=UV)
    assert finding.fix.actions == (Run("uv", "venv", "--seed"), Activate(".venv"))
    [finding] = nowhere(Builders(split=(("/usr/bin/python3", "3.11"),)))
    assert isinstance(finding.fix.actions[0], Manual)
    [finding] = nowhere(Builders(request_unmet=True), commands=UV)
    assert finding.fix.actions[0] == Run("uv", "venv", "--seed", "--python", "/usr/bin/python3")


@pytest.mark.sick("PIP006")
@pytest.mark.parametrize(("commands", "tool"), [(UV, "uv tool install"), (None, "pipx install")])
def test_the_home_directory_is_no_project(commands: Commands | None, tool: str) -> None:
    [finding] = nowhere(commands=commands, cwd="/home/me")
    [step] = finding.fix.actions
    assert isinstance(step, Manual)
    assert tool in step.text


@pytest.mark.healthy("PIP006")
@pytest.mark.parametrize(
    "fact",
    [
        make_active("/p/.venv"),
        ProjectVenv("/home/me/project/.venv", 0, make_active("/home/me/p/.venv").venv),
        CondaActivation(prefix="/c", real="/c"),
        bare(make_python("/opt/python3.12")),
        settings("break-system-packages", "yes"),
        settings("target", "/lambda"),
        Builders(manager=ProjectManager.POETRY),
        Builders(manager=ProjectManager.HATCH),
    ],
    ids=lambda fact: type(fact).__name__,
)
def test_there_is_somewhere_to_install(fact: Fact) -> None:
    assert nowhere(fact) == []
