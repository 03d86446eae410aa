"""How do checks judge what is known? They only judge: nothing here touches the machine.

The runner never fails: what goes wrong in a check becomes a `Result` that says so.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter
from typing import Any

import msgspec

from envdoctor.engine.check import Check
from envdoctor.engine.collector import FactType, supplied, with_their_needs
from envdoctor.engine.fact import Known, Missing
from envdoctor.engine.finding import Evidence, Finding, Outcome, Severity
from envdoctor.engine.fix import Fix
from envdoctor.engine.wiring import (
    described,
    expect,
    facts_in,
    needs_of,
)


class Result(msgspec.Struct, frozen=True):
    """How one check ended.

    Attributes:
        check: the check.
        outcome: how it ended.
        reason: why it was skipped, or how it crashed; None otherwise.
        findings: what it found, in its own order.
        seconds: how long it judged, without its facts.
        unsettled: whether it was skipped because something could not be examined, rather than does not exist.
    """

    check: Check[Any]
    outcome: Outcome
    reason: str | None = None
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
    unsettled: bool = False

    def severity_of(self, finding: Finding) -> Severity:
        """How bad a finding of this result is: its own word, else the check's."""
        return finding.severity or self.check.severity


def facts_for(
    checks: Iterable[Check[Any]], *, among: Iterable[Check[Any]] = (), shown: Iterable[FactType] = ()
) -> set[FactType]:
    """Every fact that these checks and those they give way to need, those that the report shows, and all beneath."""
    judged = {fact for check in with_mooting(checks, among) for fact in facts_in(needs_of(check))}
    return set(with_their_needs({*shown, *judged}))


def judge(
    checks: Iterable[Check[Any]], known: Mapping[FactType, Known], *, among: Iterable[Check[Any]] = ()
) -> tuple[Result, ...]:
    """Run the checks on these facts, in the order of their codes. `among` are those that they may give way to."""
    results: dict[str, Result] = {}
    chosen = tuple(checks)
    for check in with_mooting(chosen, among):
        mooting = next((code for code in check.unless if code in results and results[code].findings), None)
        if mooting is not None:
            reason = f"{mooting} {results[mooting].check.slug} says more"
            results[check.code] = Result(check, Outcome.SKIPPED, reason)
        else:
            results[check.code] = _run(check, known)
    return tuple(results[check.code] for check in sorted(chosen, key=lambda check: check.code))


def with_mooting(checks: Iterable[Check[Any]], among: Iterable[Check[Any]] = ()) -> tuple[Check[Any], ...]:
    """These checks and all that they give way to, those first: a check's verdict must not depend on the selection.

    A code of `unless` that no check has belongs to a plugin that is not installed: nothing gives way to it.
    """
    pending = list(checks)
    at_hand = {check.code: check for check in (*among, *pending)}
    graph: dict[str, tuple[str, ...]] = {}
    while pending:
        check = pending.pop()
        graph[check.code] = tuple(code for code in check.unless if code in at_hand)
        pending += [at_hand[code] for code in graph[check.code] if code not in graph]
    return tuple(at_hand[code] for code in TopologicalSorter(graph).static_order())


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
        for finding in findings:
            expect(check, Fix, finding.fix)
            expect(check, Evidence, *finding.evidence)
            proof = (text for evidence in finding.evidence for text in (evidence.text, evidence.origin))
            expect(check, str, finding.message, finding.fix.summary, *proof)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - one broken check must not take the others with it
        return Result(check, Outcome.CRASHED, described(error), seconds=time.perf_counter() - begin)
    outcome = Outcome.FOUND if findings else Outcome.OK
    return Result(check, outcome, None, findings, time.perf_counter() - begin)
