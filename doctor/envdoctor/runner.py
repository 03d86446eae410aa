"""How do checks judge what is known? They only judge: nothing here touches the machine.

The runner never fails: what goes wrong in a check becomes a `Result` that says so.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter
from typing import Any

from envdoctor.checking import Check
from envdoctor.enquiry import FactType, supplied, with_their_needs
from envdoctor.facts.answers import ActivePython
from envdoctor.facts.terminal import Examined
from envdoctor.model import Finding, Missing, Outcome
from envdoctor.report import Known, Result
from envdoctor.wiring import described, expect, facts_in, needs_of

ALWAYS_SHOWN: tuple[FactType, ...] = (ActivePython, Examined)
"""What every report tells, whatever is selected: which session was examined, and which Python answers in it."""


def facts_for(checks: Iterable[Check[Any]]) -> set[FactType]:
    """Every fact that these checks and those they give way to need, or that every report shows, and all beneath."""
    judged = {fact for check in with_needed(checks) for fact in facts_in(needs_of(check))}
    return set(with_their_needs({*ALWAYS_SHOWN, *judged}))


def judge(checks: Iterable[Check[Any]], known: Mapping[FactType, Known]) -> tuple[Result, ...]:
    """Run the checks on these facts, in the order of their codes."""
    results: dict[Check[Any], Result] = {}
    chosen = tuple(checks)
    for check in with_needed(chosen):
        mooting = next((need for need in check.needs if results[need].outcome is Outcome.FOUND), None)
        if mooting is not None:
            results[check] = Result(check, Outcome.SKIPPED, f"{mooting.code} {mooting.slug} says more")
        else:
            results[check] = _run(check, known)
    return tuple(results[check] for check in sorted(chosen, key=lambda check: check.code))


def with_needed(checks: Iterable[Check[Any]]) -> tuple[Check[Any], ...]:
    """These checks and all that they give way to, those first: a check's verdict must not depend on the selection."""
    graph: dict[Check[Any], tuple[Check[Any], ...]] = {}
    pending = list(checks)
    while pending:
        check = pending.pop()
        graph[check] = check.needs
        pending += check.needs
    return tuple(TopologicalSorter(graph).static_order())


def _run(check: Check[Any], known: Mapping[FactType, Known]) -> Result:
    facts: list[Known | None] = []
    for need in needs_of(check):
        value = supplied(need, known)
        if isinstance(value, Missing):
            return Result(check, Outcome.SKIPPED, value.reason, unsettled=value.unsettled)
        facts.append(value)
    begin = time.perf_counter()
    try:
        found = check(*facts)
        expect(check, Iterable, found)
        findings = tuple(found)
        expect(check, Finding, *findings)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - one broken check must not take the others with it
        return Result(check, Outcome.CRASHED, described(error), seconds=time.perf_counter() - begin)
    outcome = Outcome.FOUND if findings else Outcome.OK
    return Result(check, outcome, None, findings, time.perf_counter() - begin)
