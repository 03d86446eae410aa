from __future__ import annotations

from typing import Any

import pytest

from envdoctor import EditFile, Evidence, Finding, Fix, Manual, Run, Safety, UnsetVariable
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.project.pyproject import RequiresPython
from envdoctor.facts.project.python_pins import PinFile, PinForm, PinScope, PythonPin, parse, understand
from envdoctor.facts.project.python_request import PythonRequest
from envdoctor.facts.project.requires_python import RequiredPython
from envdoctor.facts.python.available import PythonAtHand, PythonsAtHand
from envdoctor.facts.uv.directories import Place, Standing
from envdoctor.facts.uv.project import UvProject
from envdoctor.facts.uv.python_downloads import UvDownloads
from envdoctor.testing import assess
from envdoctor_checks.project.requested_python import STOPPED, requested_python_unavailable
from tests.checks.project.literals import ROOT, project

PIN = f"{ROOT}/.python-version"
ORIGIN = f"{ROOT}/pyproject.toml:3"
SHOP = Builders(ProjectManager.UV, ROOT, uv=(0, 13, 9))
HERE = PythonsAtHand((PythonAtHand("3.11", "/usr/bin/python3.11"), PythonAtHand("3.12", "/usr/bin/python3.12")))
MISSING = Place(f"{ROOT}/.venv", Standing.MISSING)
THERE = Place(f"{ROOT}/.venv", Standing.ENVIRONMENT, "3.11")
OFFLINE = UvDownloads("UV_OFFLINE", on_request=False)
MANUAL = UvDownloads("UV_PYTHON_DOWNLOADS=manual")
RUNS_ON = RequiredPython(RequiresPython(">=3.8", (">=3.8",), ORIGIN))


def pin(text: str, scope: PinScope = PinScope.PROJECT, path: str = PIN, **changes: Any) -> PythonRequest:
    file = PinFile(path, scope, tuple(parse(text)))
    return PythonRequest(file.pins[0], f"{path}:1", **{"available": False, "file": file, **changes})


def found(
    request: PythonRequest,
    downloads: UvDownloads | None = OFFLINE,
    place: Place = MISSING,
    *,
    at_hand: PythonsAtHand = HERE,
    required: RequiredPython | None = RUNS_ON,
    shop: Builders = SHOP,
    of: Project | None = None,
) -> list[Finding]:
    facts = request, UvProject(ROOT, ROOT, place), shop, at_hand, required, downloads
    return assess(requested_python_unavailable, of or project(ProjectManager.UV), *facts)


@pytest.mark.sick("PRJ010")
def test_what_may_not_be_downloaded_is_left_to_a_person() -> None:
    advice = (
        "Install Python 3.10, or let uv download it, which UV_OFFLINE forbids, "
        "or pin Python 3.12, which is here: `uv python pin 3.12`"
    )
    assert found(pin("3.10")) == [
        Finding(
            f"{PIN} pins Python 3.10, which is neither here nor to be downloaded, so that `uv sync` and `uv run` stop",
            Fix("Install Python 3.10", Manual(advice)),
            f"{PIN}:1",
            (Evidence("3.10", f"{PIN}:1"), Evidence("UV_OFFLINE", "forbids the download")),
            stops=STOPPED,
        )
    ]


@pytest.mark.sick("PRJ010")
def test_where_uv_downloads_on_request_it_is_told_to() -> None:
    [finding] = found(pin(">=3.14"), MANUAL)
    install = Run("uv", "python", "install", ">=3.14")
    assert finding.fix == Fix("Install Python >=3.14", install, safety=Safety.CHANGES_STATE)


@pytest.mark.sick("PRJ010")
def test_what_does_not_exist_is_exchanged_for_what_is_here() -> None:
    copy, repinned = (
        Run("cp", "-n", "-p", "--", PIN, f"{PIN}.before-envdoctor"),
        Run("uv", "python", "pin", "3.12", directory=ROOT),
    )
    for downloads in (UvDownloads(), OFFLINE, None):
        [finding] = found(pin("3.99", exists=False), downloads)
        assert finding.fix.actions == (copy, repinned)
        assert finding.fix.undo[0] == Run("cp", "-p", "--", f"{PIN}.before-envdoctor", PIN)
        assert finding.evidence == (Evidence("3.99", f"{PIN}:1"),)
    [finding] = found(pin("3.99\n3.11\n", exists=False))
    assert finding.fix.actions == (EditFile(PIN, remove=("3.99", "3.11"), add=("3.12", "3.11")),)
    [finding] = found(pin("3.99", PinScope.GLOBAL, "/home/me/.config/uv/.python-version", exists=False))
    assert finding.fix.actions == (repinned,)


@pytest.mark.sick("PRJ010")
def test_a_pin_for_which_nothing_is_here_waits_for_an_install() -> None:
    old = RequiredPython(RequiresPython("<3.9", ("<3.9",), ORIGIN))
    [finding] = found(pin("3.99", exists=False), required=old)
    assert finding.fix == Fix(
        "Install Python 3.8", Manual("Install Python 3.8, or let uv download it, which UV_OFFLINE forbids")
    )


@pytest.mark.sick("PRJ010")
def test_the_variable_is_unset() -> None:
    variable = PythonRequest(PythonPin("3.10", 1, *understand("3.10")), "UV_PYTHON", available=False)
    for place in (MISSING, THERE):
        [finding] = found(variable, place=place)
        assert finding.message.startswith("UV_PYTHON asks uv for Python 3.10, which")
        assert finding.fix == Fix("Unset UV_PYTHON", UnsetVariable("UV_PYTHON"))


def runs_on(text: str, **changes: Any) -> PythonRequest:
    return PythonRequest(PythonPin(text, 1, PinForm.RANGE, text), ORIGIN, available=False, **changes)


@pytest.mark.sick("PRJ010")
def test_what_the_project_runs_on_is_installed_or_widened() -> None:
    [finding] = found(runs_on(">=3.14"), MANUAL)
    assert finding.message.startswith("the project runs on Python >=3.14, which")
    assert finding.fix.actions == (Run("uv", "python", "install", ">=3.14"),)
    [finding] = found(runs_on(">=3.99", exists=False))
    assert finding.fix.actions == (Manual(f"Widen requires-python, which stands at {ORIGIN}"),)


@pytest.mark.healthy("PRJ010")
def test_what_is_to_be_had_what_nobody_knows_and_what_is_there_already() -> None:
    assert found(pin("3.10", available=True)) == []
    assert found(pin("3.10", available=None)) == []
    assert found(pin("3.10", by_project=False)) == []
    assert found(pin("3.11.9"), place=THERE) == []
    assert found(runs_on(">=3.14"), place=THERE) == []  # told by PRJ001
    assert found(pin("3.10"), shop=Builders(ProjectManager.UV, ROOT)) == []
    assert found(pin("3.10"), of=project(ProjectManager.POETRY)) == []


@pytest.mark.sick("PRJ010")
def test_an_environment_with_another_python_would_be_exchanged() -> None:
    assert found(pin("3.10"), place=THERE)
    assert found(pin("3.11"), place=Place(f"{ROOT}/.venv", Standing.BROKEN, "3.11"))
