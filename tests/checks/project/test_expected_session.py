"""PRJ104, PRJ105, PRJ106: the commands and the variables that are expected."""

from __future__ import annotations

from typing import Any

import pytest

from envdoctor import Evidence, Finding, Fix, Manual, Safety, SetVariable, Severity, UnsetVariable
from envdoctor.facts.project.expected_commands import CommandState, ExpectedCommand, ExpectedCommands
from envdoctor.facts.project.expected_variables import (
    ExpectedVariable,
    ExpectedVariables,
    ForbiddenVariable,
    ForbiddenVariables,
)
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.testing import assess
from envdoctor_checks.project.expected_session import (
    expected_command_missing,
    expected_variable_unset,
    forbidden_variable_set,
)

AT = "/home/ann/app/envdoctor.toml:3"


def of_command(state: CommandState, *more: Any, **facts: Any) -> list[Finding]:
    command = ExpectedCommand(**{"name": "ffmpeg", "wanted": ">=5", "origin": AT, "state": state, **facts})
    return assess(expected_command_missing, ExpectedCommands((command,)), *more)


@pytest.mark.sick("PRJ104")
@pytest.mark.parametrize(
    ("facts", "message", "proof", "severity"),
    [
        (
            {"state": CommandState.MISSING},
            "`ffmpeg` is missing, and >=5 is expected",
            Evidence("no `ffmpeg`", "PATH"),
            None,
        ),
        (
            {"state": CommandState.NOT_RUNNABLE, "path": "/usr/bin/ffmpeg", "reason": "signal 9", "wanted": ""},
            "/usr/bin/ffmpeg does not run, and it is expected to run",
            Evidence("signal 9", "/usr/bin/ffmpeg"),
            None,
        ),
        (
            {
                "state": CommandState.VERSION_WRONG,
                "path": "/usr/bin/ffmpeg",
                "version": "4.4",
                "asked": "ffmpeg -version",
            },
            "/usr/bin/ffmpeg is 4.4, and >=5 is expected",
            Evidence("4.4", "ffmpeg -version"),
            None,
        ),
        (
            {"state": CommandState.VERSION_UNKNOWN, "path": "/usr/bin/ffmpeg", "reason": "no idea"},
            "the version of /usr/bin/ffmpeg is not known, and >=5 is expected",
            Evidence("no idea", "/usr/bin/ffmpeg"),
            Severity.WARNING,
        ),
    ],
)
def test_each_verdict_has_its_words(
    facts: dict[str, Any], message: str, proof: Evidence, severity: Severity | None
) -> None:
    [finding] = of_command(**facts)
    assert (finding.message, finding.where, finding.severity) == (message, AT, severity)
    assert finding.evidence == (Evidence(f'ffmpeg = "{facts.get("wanted", ">=5")}"', AT), proof)


@pytest.mark.sick("PRJ104")
def test_it_is_installed_where_the_projects_packages_are() -> None:
    conda = CondaActivation(prefix="/opt/conda/envs/ml", real="/opt/conda/envs/ml")
    pixi = Project("/p", manager=ProjectManager.PIXI)
    for more, how in (
        ((), "with the system's package manager"),
        ((conda,), "with `conda install`, or with the system's package manager"),
        ((pixi,), "with `pixi add`, or with the system's package manager"),
    ):
        [finding] = of_command(CommandState.MISSING, *more)
        assert finding.fix == Fix("Install ffmpeg", Manual(f"Install ffmpeg >=5 {how}"))
    [finding] = of_command(CommandState.VERSION_UNKNOWN, path="/usr/bin/ffmpeg")
    assert finding.fix.summary == "Look at the version yourself"


@pytest.mark.healthy("PRJ104")
def test_a_command_that_fits_is_fine() -> None:
    assert of_command(CommandState.FITS, path="/usr/bin/ffmpeg", version="5.1") == []


def of_variable(name: str = "HF_ENDPOINT", **facts: Any) -> list[Finding]:
    variable = ExpectedVariable(name=name, origin=AT, **facts)
    return assess(expected_variable_unset, ExpectedVariables((variable,)))


@pytest.mark.sick("PRJ105")
def test_a_variable_is_set_to_the_value_that_is_expected() -> None:
    assert of_variable(value="https://x") == [
        Finding(
            "HF_ENDPOINT is not set, and https://x is expected",
            Fix("Set HF_ENDPOINT", SetVariable("HF_ENDPOINT", "https://x"), safety=Safety.CHANGES_STATE),
            AT,
            (Evidence("https://x is expected", AT), Evidence("not set", "HF_ENDPOINT")),
        )
    ]


@pytest.mark.sick("PRJ105")
@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({}, "HF_ENDPOINT is not set, and a value is expected"),
        ({"value": "x", "is_set": True, "found": "y"}, "HF_ENDPOINT is y, and x is expected"),
        (
            {"pattern": "https://*", "is_set": True, "found": "y"},
            "HF_ENDPOINT is y, and a value like https://* is expected",
        ),
        (
            {"name": "API_TOKEN", "is_set": True, "pattern": "hf_*"},
            "API_TOKEN has another value, and a value like hf_* is expected",
        ),
    ],
)
def test_it_is_said_how_a_variable_differs(facts: dict[str, Any], message: str) -> None:
    [finding] = of_variable(**facts)
    assert finding.message == message


@pytest.mark.sick("PRJ105")
def test_what_decides_which_code_is_run_is_not_set_by_command() -> None:
    [finding] = of_variable("LD_PRELOAD", value="/clone/x.so", leads_to_code=True)
    assert finding.fix.actions == (Manual("Set LD_PRELOAD to /clone/x.so"),)


@pytest.mark.healthy("PRJ105")
def test_a_variable_that_fits_is_fine() -> None:
    assert of_variable(value="x", is_set=True, fits=True, found="x") == []


@pytest.mark.sick("PRJ106")
def test_a_forbidden_variable_is_unset() -> None:
    forbidden = ForbiddenVariables((ForbiddenVariable("PYTHONHOME", AT, is_set=True),))
    assert assess(forbidden_variable_set, forbidden) == [
        Finding(
            "PYTHONHOME is set, and must not be",
            Fix("Unset PYTHONHOME", UnsetVariable("PYTHONHOME")),
            AT,
            (Evidence("forbid-variables: PYTHONHOME", AT), Evidence("set", "PYTHONHOME")),
        )
    ]


@pytest.mark.healthy("PRJ106")
def test_a_forbidden_variable_that_is_not_set_is_fine() -> None:
    forbidden = ForbiddenVariables((ForbiddenVariable("PYTHONHOME", AT, is_set=False),))
    assert assess(forbidden_variable_set, forbidden) == []
