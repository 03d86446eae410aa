from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from envdoctor import (
    Fact,
    Finding,
    Fix,
    Manual,
    Run,
    Session,
    Severity,
    check,
    probe,
)
from envdoctor.engine.check import Check
from envdoctor.engine.collector import establish
from envdoctor.engine.finding import Outcome
from envdoctor.engine.judge import Result, facts_for, judge
from tests import samples
from tests.support import make_session

released = threading.Event()


def examine(*checks: Check[Any], **env: str) -> dict[str, Result]:
    known = establish(facts_for(checks, among=samples.EVERY), make_session(env))
    results = judge(checks, known, among=samples.EVERY)
    return {result.check.code: result for result in results}


def test_each_check_ends_in_its_own_way() -> None:
    results = examine(*samples.EVERY, RAIN="1")
    assert {code: (result.outcome, result.unsettled) for code, result in results.items()} == {
        "AAA001": (Outcome.FOUND, False),
        "AAA002": (Outcome.SKIPPED, False),
        "BBB001": (Outcome.SKIPPED, False),
        "BBB002": (Outcome.SKIPPED, True),
        "BBB003": (Outcome.SKIPPED, True),
        "BBB004": (Outcome.CRASHED, False),
        "CCC001": (Outcome.FOUND, False),
        "CCC002": (Outcome.OK, False),
    }
    assert results["AAA002"].reason == "AAA001 wet-ground says more"
    assert results["BBB001"].reason == "no moon here"
    assert results["BBB002"].reason == "the slow thing timed out after 1 s"
    assert (results["BBB003"].reason or "").startswith("ZeroDivisionError: by nature (")
    assert (results["BBB004"].reason or "").startswith("ValueError: crashed on True (")


def test_the_verdict_of_a_check_does_not_depend_on_the_selection() -> None:
    assert examine(samples.damp_ground, RAIN="1")["AAA002"].outcome is Outcome.SKIPPED
    assert examine(samples.damp_ground)["AAA002"].outcome is Outcome.FOUND


@check("ZZZ003", severity=Severity.ERROR, since="0.1")
def hesitant(_weather: samples.Weather) -> Iterator[Finding]:
    """It never returns."""
    released.wait(60)
    yield from ()


def test_a_check_that_never_returns_is_left_behind_and_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("envdoctor.engine.judge.SECONDS", 0.05)
    [result] = examine(hesitant).values()
    released.set()
    assert (result.outcome, result.unsettled) == (Outcome.SKIPPED, True)
    assert result.reason == "it did not return within 0.05 s"


def test_only_the_facts_that_are_needed_are_sought() -> None:
    assert facts_for([]) == ()
    assert set(facts_for([samples.advice])) == {samples.Weather}
    assert set(facts_for([samples.wet_ground])) == {samples.Weather, samples.Ground, samples.Moon}
    assert set(facts_for([samples.advice], shown=[samples.Moon])) == {samples.Weather, samples.Moon}


@check("ZZZ001", severity=Severity.ERROR, since="0.1")
def forgotten(_weather: samples.Weather) -> Any:
    """Returns nothing at all instead of yielding."""


def test_a_check_that_is_no_generator_crashes_by_itself() -> None:
    assert examine(forgotten)["ZZZ001"].outcome is Outcome.CRASHED


class Promised(Fact, frozen=True):
    """What its probe does not keep."""


@probe
def probe_promised(session: Session) -> Promised:
    return session.env.get("HELD")  # type: ignore[return-value]  # as a plugin without a type checker would


@check("DDD001", severity=Severity.ERROR, since="0.1")
def promised(fact: Promised) -> Iterator[Finding]:
    """It needs what is not there."""
    yield from ()


@check("DDD002", severity=Severity.ERROR, since="0.1")
def rambling(weather: samples.Weather) -> Iterator[Finding]:
    """It yields what is no finding."""
    yield weather  # type: ignore[misc]  # the same


@check("DDD003", severity=Severity.ERROR, since="0.1")
def leaving(weather: samples.Weather) -> Iterator[Finding]:
    """It ends the program."""
    raise SystemExit(0)


def test_what_is_of_the_wrong_kind_is_refused_by_name() -> None:
    results = examine(promised, rambling, leaving)
    reasons = {code: (result.reason or "").partition(f"{__file__}:") for code, result in results.items()}
    assert reasons["DDD001"][2].endswith(": probe_promised: it made None, which is no Promised")
    assert reasons["DDD002"][2].endswith("which is no Finding")
    assert reasons["DDD003"][0] == "SystemExit: 0 ("
    assert [result.outcome for result in results.values()] == [Outcome.SKIPPED, Outcome.CRASHED, Outcome.CRASHED]


@check("DDD004", severity=Severity.ERROR, since="0.1")
def stopping(weather: samples.Weather) -> Iterator[Finding]:
    """It finds what stops a command."""
    yield Finding("uv refuses it", Fix("Correct it", Manual("Correct it")), stops=(("uv", "sync"),))


@check("DDD005", severity=Severity.ERROR, since="0.1")
def stopped(weather: samples.Weather) -> Iterator[Finding]:
    """Its fix runs that command."""
    yield Finding("it is empty", Fix("Fill it", Run("uv", "sync")))


def test_a_fix_begins_with_what_stops_its_commands() -> None:
    [finding] = examine(stopping, stopped)["DDD005"].findings
    assert finding.fix.actions == (Manual("First correct it (DDD004)"), Run("uv", "sync"))
    [finding] = examine(stopped)["DDD005"].findings
    assert finding.fix.actions == (Run("uv", "sync"),)
