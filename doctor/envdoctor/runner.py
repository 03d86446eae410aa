"""How are checks run? Facts first, each once and side by side; then the checks, which only judge.

The runner never fails: what goes wrong in a probe or a check becomes a `Missing` or a `Result` that says so.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter
from typing import Any

from envdoctor.checking import Check
from envdoctor.fact import Fact, Probe, TimedOut, Unavailable
from envdoctor.facts.terminal import Examined
from envdoctor.model import Finding, Missing, MissingKind, Outcome
from envdoctor.report import Known, Result
from envdoctor.session import Session
from envdoctor.wiring import Need, SignatureError, find_probe, mistake, needs_of

FactType = type[Fact]


def facts_for(checks: Iterable[Check[Any]]) -> dict[FactType, set[FactType]]:
    """Every fact that these checks and those they give way to need, with its own needs.

    The description of the session is always among them: every report shows it.
    """
    return with_their_needs({Examined, *(fact for check in with_needed(checks) for fact in _facts(needs_of(check)))})


def with_their_needs(facts: Iterable[FactType]) -> dict[FactType, set[FactType]]:
    """These facts and every one that their probes need, directly or through another, each with its own needs."""
    graph: dict[FactType, set[FactType]] = {}
    pending = list(facts)
    while pending:
        fact = pending.pop()
        if fact not in graph:
            graph[fact] = _facts(needs_of(_probe(fact)))
            pending += graph[fact]
    return graph


def establish(
    graph: Mapping[FactType, set[FactType]], session: Session, before: Mapping[FactType, Known] | None = None
) -> dict[FactType, Known]:
    """Find out the facts of a graph, independent ones in parallel threads. A probe that hangs is left behind.

    Args:
        graph: each fact with those that its probe needs.
        session: what the probes look at.
        before: facts that are known already.
    """
    known = {fact: value for fact, value in (before or {}).items() if fact in graph}
    done: queue.SimpleQueue[tuple[FactType, Known]] = queue.SimpleQueue()
    deadline = session.timeout * 2 + 1
    started: dict[FactType, float] = {}
    order = TopologicalSorter({fact: needs - known.keys() for fact, needs in graph.items() if fact not in known})
    order.prepare()
    while order.is_active():
        for fact in order.get_ready():
            started[fact] = time.monotonic()
            work = (fact, session, dict(known), done)
            threading.Thread(target=_work, args=work, name=fact.__name__, daemon=True).start()
        oldest = min(started[fact] for fact in started if fact not in known)
        try:
            fact, value = done.get(timeout=max(oldest + deadline - time.monotonic(), 0.01))
            finished = {fact: value} if fact not in known else {}
        except queue.Empty:
            late = Missing(MissingKind.TIMED_OUT, f"timed out after {deadline:g} s")
            now = time.monotonic()
            finished = {f: late for f in started if f not in known and now - started[f] >= deadline}
        known.update(finished)
        order.done(*finished)
    return known


class Ahead:
    """Facts that are sought in the background while something else is done: a Python takes its time to answer."""

    def __init__(self, facts: Iterable[FactType], session: Session) -> None:
        self._graph = with_their_needs(facts)
        self._session = session
        self._known: dict[FactType, Known] = {}
        self._thread = threading.Thread(target=self._establish, daemon=True)
        self._thread.start()

    def wait(self) -> Mapping[FactType, Known]:
        """The facts, all of them."""
        self._thread.join()
        return self._known

    def _establish(self) -> None:
        self._known = establish(self._graph, self._session)


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
    facts: list[Fact | None] = []
    for need in needs_of(check):
        value = _supplied(need, known)
        if isinstance(value, Missing):
            return Result(check, Outcome.SKIPPED, value.reason, unsettled=value.unsettled)
        facts.append(value)
    begin = time.perf_counter()
    try:
        found = check(*facts)
        _expect(check, Iterable, found)
        findings = tuple(found)
        _expect(check, Finding, *findings)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - one broken check must not take the others with it
        return Result(check, Outcome.CRASHED, _described(error), seconds=time.perf_counter() - begin)
    outcome = Outcome.FOUND if findings else Outcome.OK
    return Result(check, outcome, None, findings, time.perf_counter() - begin)


def _work(
    fact: FactType, session: Session, known: dict[FactType, Known], done: queue.SimpleQueue[tuple[FactType, Known]]
) -> None:
    done.put((fact, _make(fact, session, known)))


def _make(fact: FactType, session: Session, known: Mapping[FactType, Known]) -> Known:
    """Run a fact's probe, or say why it cannot be run."""
    probe = _probe(fact)
    arguments: list[Session | Fact | None] = []
    for need in needs_of(probe):
        value = _supplied(need, known)
        if isinstance(value, Missing):
            return value
        arguments.append(session if need.fact is None else value)
    try:
        made: Fact = probe(*arguments)
        _expect(probe, fact, made)
    except TimedOut as slow:
        return Missing(MissingKind.TIMED_OUT, str(slow))
    except Unavailable as answer:
        return Missing(MissingKind.UNAVAILABLE, str(answer))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - one broken probe must not take the others with it
        return Missing(MissingKind.BROKEN, _described(error))
    return made


def _supplied(need: Need, known: Mapping[FactType, Known]) -> Known | None:
    """What a need gets: the fact, None where it need not exist and does not, or why it cannot be had."""
    value = None if need.fact is None else known[need.fact]
    if isinstance(value, Missing) and need.optional and value.kind is MissingKind.UNAVAILABLE:
        return None
    return value


def _probe(fact: FactType) -> Probe[Any]:
    probe = find_probe(fact)
    assert probe is not None, fact  # noqa: S101 - `needs_of` has refused every fact without a probe
    return probe


def _facts(needs: Iterable[Need]) -> set[FactType]:
    return {need.fact for need in needs if need.fact is not None}


def _expect(marked: Check[Any] | Probe[Any], kind: type[object], *made: object) -> None:
    """Refuse what is of another kind: a plugin may be written without a type checker."""
    for one in made:
        if not isinstance(one, kind):
            raise mistake(marked, f"it made {one!r:.100}, which is no {kind.__name__}")


def _described(error: BaseException) -> str:
    """One line that leads a developer to the fault: what, and where."""
    import traceback

    if isinstance(error, SignatureError):
        return str(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({frame.filename}:{frame.lineno})"
