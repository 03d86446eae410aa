"""How do facts come to be known? Each is sought once, after those that it needs, in the background.

Nothing here fails: what goes wrong in a probe becomes a `Missing` that says so.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Container, Iterable, Mapping

from envdoctor.engine.fact import Fact, Known, Missing, MissingKind, Refused, TimedOut, Unavailable
from envdoctor.engine.unread import Unread, UnreadFiles
from envdoctor.engine.wiring import (
    Need,
    described,
    expect,
    expect_recordable,
    facts_in,
    needs_of,
    probe_of,
)
from envdoctor.system.session import Session
from envdoctor.system.silent_mounts import Unanswered
from envdoctor.system.threads import begin
from envdoctor.system.unread import noting

FactType = type[Fact]

TICK = 0.002
"""Seconds between two looks at whether the threads at work are idle."""


def with_their_needs(facts: Iterable[FactType], given: Container[FactType] = ()) -> dict[FactType, set[FactType]]:
    """These facts and every one that their probes need, directly or through another, each with its own needs.

    What is given needs nothing.
    """
    graph: dict[FactType, set[FactType]] = {}
    pending = list(facts)
    while pending:
        fact = pending.pop()
        if fact not in graph:
            graph[fact] = set() if fact in given else facts_in(needs_of(probe_of(fact)))
            pending += graph[fact]
    return graph


def establish(
    facts: Iterable[FactType], session: Session, given: Mapping[FactType, Known] | None = None
) -> Mapping[FactType, Known]:
    """Find out these facts and all that they need, but for those that are given: what is said of them is taken."""
    enquiry = Enquiry(session, given or {})
    enquiry.seek(facts)
    return enquiry.wait()


def supplied(need: Need, known: Mapping[FactType, Known]) -> Known | None:
    """What a need gets: the fact, None where it need not exist and does not, or why it cannot be had."""
    value = None if need.fact is None else known[need.fact]
    if isinstance(value, Missing) and need.optional and value.kind is MissingKind.UNAVAILABLE:
        return None
    return value


class Enquiry:
    """The facts of one session on their way to being known.

    Most probes take a fraction of a millisecond, so one thread makes one fact after the other, first what most others
    wait for. Another thread joins it while all that work wait for the machine; a probe that hangs is left behind.
    """

    def __init__(self, session: Session, given: Mapping[FactType, Known] | None = None) -> None:
        self._session = session
        self._known: dict[FactType, Known] = dict(given or {})
        self._sought: set[FactType] = set(self._known)
        self._unmet: dict[FactType, set[FactType]] = {}
        self._ready: set[FactType] = set()
        self._begun: dict[FactType, float] = {}
        self._awaited: Counter[FactType] = Counter()
        self._unread: dict[tuple[str, str], set[str]] = {}
        self._changed = threading.Condition()

    def seek(self, facts: Iterable[FactType]) -> None:
        """Begin to find out these facts and all that they need, and do not wait for them."""
        graph = with_their_needs(facts, self._sought & self._known.keys())
        with self._changed:
            for fact, beneath in _foundations(graph).items():
                if fact not in self._sought:
                    self._sought.add(fact)
                    self._unmet[fact] = graph[fact] - self._known.keys()
                    self._awaited.update(beneath)
            self._promote()
            if not self._begun:
                self._employ()

    def wait(self) -> Mapping[FactType, Known]:
        """Everything that was sought, each the fact or why it is missing."""
        with self._changed:
            while self._begun or self._ready:
                used = time.process_time()
                self._changed.wait(TICK)
                self._give_up()
                if not self._begun or time.process_time() - used < TICK / 2:
                    self._employ()
            circle = Missing(MissingKind.BROKEN, "it stands on facts whose probes need each other")
            self._known |= dict.fromkeys(self._unmet, circle)
            if UnreadFiles in self._known:
                self._known[UnreadFiles] = self._unread_files()
        return self._known

    def _promote(self, *settled: FactType) -> None:
        """Make ready what waited for nothing but these."""
        for needs in self._unmet.values():
            needs.difference_update(settled)
        ready = [fact for fact, needs in self._unmet.items() if not needs]
        self._ready.update(ready)
        for fact in ready:
            del self._unmet[fact]

    def _employ(self) -> None:
        """Let another thread make what is ready."""
        if fact := self._next():
            begin(self._work, fact)

    def _next(self) -> FactType | None:
        """Take what most others wait for of all that is ready."""
        if not self._ready:
            return None
        fact = max(self._ready, key=self._awaited.__getitem__)
        self._ready.remove(fact)
        self._begun[fact] = time.monotonic()
        return fact

    def _work(self, fact: FactType | None) -> None:
        """Make this fact, and then one after the other while any is ready."""
        while fact is not None:
            with noting() as notes:
                made = _make(fact, self._session, self._known)
            with self._changed:
                if fact not in self._begun:  # too late: it has been given up
                    return
                for note in notes.items():
                    self._unread.setdefault(note, set()).add(fact.__name__)
                self._settle(fact, made)
                fact = self._next()
                if not self._begun:
                    self._changed.notify_all()

    def _unread_files(self) -> UnreadFiles:
        return UnreadFiles(tuple(sorted(Unread(*file, tuple(sorted(facts))) for file, facts in self._unread.items())))

    def _settle(self, fact: FactType, known: Known) -> None:
        del self._begun[fact]
        self._known[fact] = known
        self._promote(fact)

    def _give_up(self) -> None:
        """Leave behind the probes that hang. The bound is wider than that of their own questions."""
        bound = self._session.timeout * 2 + 1
        now = time.monotonic()
        for fact in [fact for fact, begun in self._begun.items() if now - begun >= bound]:
            self._settle(fact, Missing(MissingKind.TIMED_OUT, f"timed out after {bound:g} s"))


def _foundations(graph: Mapping[FactType, set[FactType]]) -> dict[FactType, set[FactType]]:
    """Each fact of a graph with all that it stands on."""
    found: dict[FactType, set[FactType]] = {}

    def visit(fact: FactType) -> set[FactType]:
        if fact not in found:
            found[fact] = set()  # also for who comes here again in a circle
            found[fact] = graph[fact].union(*map(visit, graph[fact]))
        return found[fact]

    for fact in graph:
        visit(fact)
    return found


def _make(fact: FactType, session: Session, known: Mapping[FactType, Known]) -> Known:
    """Run a fact's probe, or say why it cannot be run."""
    probe = probe_of(fact)
    arguments: list[Session | Fact | None] = []
    for need in needs_of(probe):
        value = supplied(need, known)
        if isinstance(value, Missing):
            return value
        arguments.append(session if need.fact is None else value)
    try:
        made: Fact = probe(*arguments)
        expect(probe, fact, made)
        if not fact.__module__.startswith("envdoctor."):  # envdoctor's own are known to be well made
            expect_recordable(probe, made)
    except (TimedOut, Unanswered) as slow:
        return Missing(MissingKind.TIMED_OUT, str(slow))
    except Refused as refusal:
        return Missing(MissingKind.REFUSED, str(refusal))
    except Unavailable as answer:
        return Missing(MissingKind.UNAVAILABLE, str(answer))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - one broken probe must not take the others with it
        return Missing(MissingKind.BROKEN, described(error))
    return made
