"""How do checks judge what is known? They only judge: nothing here touches the machine.

The runner never fails: what goes wrong in a check becomes a `Result` that says so.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

import msgspec

from envdoctor.engine.check import Check
from envdoctor.engine.collector import admitted, with_their_needs
from envdoctor.engine.fact import Known, Missing, TimedOut
from envdoctor.engine.finding import Evidence, Finding, Outcome, Severity
from envdoctor.engine.fix import Fix
from envdoctor.engine.prerequisites import Stoppers, behind, stoppers
from envdoctor.engine.reference import Facts, FactType
from envdoctor.engine.unread import Unread, UnreadFiles
from envdoctor.engine.wiring import (
    described,
    expect,
    facts_in,
    foundations,
    needs_of,
)
from envdoctor.system import supervision
from envdoctor.system.deadline import within

SECONDS = 20.0
"""How long a plugin's check may take. It only judges: what takes time belongs into a probe."""
MOST_NAMED = 3
"""How many files that could not be read the reason of one check names."""


class Result(msgspec.Struct, frozen=True):
    """How one check ended.

    Attributes:
        check: the check.
        outcome: how it ended.
        reason: why it was skipped or judged from less than it wanted, or how it crashed; None otherwise.
        findings: what it found, in its own order.
        seconds: how long it judged, without its facts.
        unsettled: whether something could not be examined that might have shown more, rather than does not exist.
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
) -> tuple[FactType, ...]:
    """Every fact that these checks and those they give way to need, those that the report shows, and all beneath."""
    judged = (fact for check in with_mooting(checks, among) for fact in facts_in(needs_of(check)))
    return tuple(node.fact for node in with_their_needs((*shown, *judged)).values())


def judge(
    checks: Iterable[Check[Any]], known: Mapping[Any, Known], *, among: Iterable[Check[Any]] = ()
) -> tuple[Result, ...]:
    """Run the checks on these facts, in the order of their codes. `among` are those that they may give way to."""
    facts = known if isinstance(known, Facts) else Facts(known)
    results: dict[str, Result] = {}
    chosen = tuple(checks)
    for check in with_mooting(chosen, among):
        mooting = next((code for code in check.unless if code in results and results[code].findings), None)
        if mooting is not None:
            reason = f"{mooting} {results[mooting].check.slug} says more"
            results[check.code] = Result(check, Outcome.SKIPPED, reason)
        else:
            results[check.code] = _run(check, facts)
    stopping = stoppers((code, finding) for code, result in results.items() for finding in result.findings)
    ended = (results[check.code] for check in sorted(chosen, key=lambda check: check.code))
    return tuple(_waiting(result, stopping) for result in ended) if stopping else tuple(ended)


def _waiting(result: Result, stopping: Stoppers) -> Result:
    """The result, with fixes that begin with what other findings ask a person to do first."""
    return msgspec.structs.replace(result, findings=tuple(behind(stopping, one) for one in result.findings))


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


def _run(check: Check[Any], known: Facts) -> Result:
    """Run a check. Where one of its facts lacks a file that could not be read, what it does not find is unsettled."""
    result = _judged(check, known)
    unread = [file for file in _unread(known, *facts_in(needs_of(check))) if not _is_told(file, result.findings)]
    if not unread or result.outcome not in (Outcome.OK, Outcome.FOUND):
        return result
    outcome = Outcome.FOUND if result.findings else Outcome.SKIPPED
    return msgspec.structs.replace(result, outcome=outcome, reason=_named(unread), unsettled=True)


def _unread(known: Facts, *facts: FactType) -> list[Unread]:
    """The files that could not be read though these facts wanted them, or facts that they cannot be made without."""
    unread = known.get(UnreadFiles)
    if not isinstance(unread, UnreadFiles) or not unread.files:
        return []
    return sorted({file for fact in facts for below in _made_of(fact) for file in unread.of(below)})


@cache
def _made_of(fact: FactType) -> frozenset[str]:
    """A fact, and all that its probe cannot do without. What it only takes along where it is there does not count."""
    made: set[str] = set()
    pending = [fact]
    while pending:
        if (below := pending.pop()).__name__ not in made:
            made.add(below.__name__)
            pending += [need.fact for need in foundations(below) if need.fact and not need.optional]
    return frozenset(made)


def _is_told(file: Unread, findings: tuple[Finding, ...]) -> bool:
    """Whether a finding is about just this."""
    places = (place for finding in findings for place in (finding.where, *(e.origin for e in finding.evidence)))
    return any(place and place.startswith(file.path) for place in places)


def _named(unread: list[Unread]) -> str:
    return "; ".join(map(str, unread[:MOST_NAMED]))


def _judged(check: Check[Any], known: Facts) -> Result:
    facts: list[Known | None] = []
    for need in needs_of(check):
        assert need.fact is not None  # noqa: S101 - a check cannot ask for the session
        value = admitted(need, known[need.fact])
        if isinstance(value, Missing):
            unread = _unread(known, need.fact)
            reason = _named(unread) or value.reason
            return Result(check, Outcome.SKIPPED, reason, unsettled=value.unsettled or bool(unread))
        facts.append(value)
    begin = time.perf_counter()
    try:
        findings = _found(check, facts) if _is_own(check) else _found_in_time(check, facts)
    except TimedOut as slow:
        return Result(check, Outcome.SKIPPED, str(slow), seconds=time.perf_counter() - begin, unsettled=True)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - one broken check must not take the others with it
        return Result(check, Outcome.CRASHED, described(error), seconds=time.perf_counter() - begin)
    outcome = Outcome.FOUND if findings else Outcome.OK
    return Result(check, outcome, None, findings, time.perf_counter() - begin)


def _found(check: Check[Any], facts: list[Known | None]) -> tuple[Finding, ...]:
    """What a check finds. Raises TypeError for what is no finding, and whatever the check does."""
    found = check(*facts)
    expect(check, Iterable, found)
    findings = tuple(found)
    expect(check, Finding, *findings)
    for finding in findings:
        expect(check, Fix, finding.fix)
        expect(check, Evidence, *finding.evidence)
        proof = (text for evidence in finding.evidence for text in (evidence.text, evidence.origin))
        expect(check, str, finding.message, finding.fix.summary, *proof)
    return findings


def _is_own(check: Check[Any]) -> bool:
    """Whether a check is envdoctor's, and known to return."""
    return check.module.startswith("envdoctor_checks.")


def _found_in_time(check: Check[Any], facts: list[Known | None]) -> tuple[Finding, ...]:
    """The same of a plugin's check, which may never return. Raises TimedOut."""
    with supervision.calling():
        findings = within(lambda: _found(check, facts), SECONDS)
    if findings is None:
        raise TimedOut(f"it did not return within {SECONDS:g} s")
    return findings
