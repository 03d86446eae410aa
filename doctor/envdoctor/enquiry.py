"""How do facts come to be known? Each is sought once, after those that it needs, in the background.

Nothing here fails: what goes wrong in a probe becomes a `Missing` that says so.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping

from envdoctor.fact import Fact, TimedOut, Unavailable
from envdoctor.model import Missing, MissingKind
from envdoctor.report import Known
from envdoctor.session import Session
from envdoctor.wiring import Need, described, expect, facts_in, needs_of, probe_of

FactType = type[Fact]

TICK = 0.01
"""Seconds after which a probe counts as slow: it waits for the machine, and others need not wait for it."""


def with_their_needs(facts: Iterable[FactType]) -> dict[FactType, set[FactType]]:
    """These facts and every one that their probes need, directly or through another, each with its own needs."""
    graph: dict[FactType, set[FactType]] = {}
    pending = list(facts)
    while pending:
        fact = pending.pop()
        if fact not in graph:
            graph[fact] = facts_in(needs_of(probe_of(fact)))
            pending += graph[fact]
    return graph


def establish(facts: Iterable[FactType], session: Session) -> Mapping[FactType, Known]:
    """Find out these facts and all that they need."""
    enquiry = Enquiry(session)
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

    Most probes take a fraction of a millisecond, so one thread makes one fact after the other. Only when a probe is
    slow does another thread join it; one that hangs is left behind.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[FactType, Known] = {}
        self._unmet: dict[FactType, set[FactType]] = {}
        self._ready: deque[FactType] = deque()
        self._begun: dict[FactType, float] = {}
        self._changed = threading.Condition()

    def seek(self, facts: Iterable[FactType]) -> None:
        """Begin to find out these facts and all that they need, and do not wait for them."""
        with self._changed:
            for fact, needs in with_their_needs(facts).items():
                if not (fact in self._known or fact in self._begun or fact in self._unmet or fact in self._ready):
                    self._unmet[fact] = needs - self._known.keys()
            self._promote()
            self._employ()

    def wait(self) -> Mapping[FactType, Known]:
        """Everything that was sought, each the fact or why it is missing."""
        with self._changed:
            while self._begun or self._ready:
                self._changed.wait(TICK)
                self._give_up()
                self._employ()
            circle = Missing(MissingKind.BROKEN, "its probe needs, directly or through another, the fact that it makes")
            self._known |= dict.fromkeys(self._unmet, circle)
        return self._known

    def _promote(self, *settled: FactType) -> None:
        """Make ready what waited for nothing but these."""
        for needs in self._unmet.values():
            needs.difference_update(settled)
        for fact in [fact for fact, needs in self._unmet.items() if not needs]:
            del self._unmet[fact]
            self._ready.append(fact)

    def _employ(self) -> None:
        """Let another thread make what is ready, if all that work are slow."""
        now = time.monotonic()
        if self._ready and all(now - begun >= TICK for begun in self._begun.values()):
            fact = self._ready.popleft()
            self._begun[fact] = now
            threading.Thread(target=self._work, args=[fact], daemon=True).start()

    def _work(self, fact: FactType | None) -> None:
        """Make this fact, and then one after the other while any is ready."""
        while fact is not None:
            made = _make(fact, self._session, self._known)
            with self._changed:
                if fact not in self._begun:  # too late: it has been given up
                    return
                self._settle(fact, made)
                fact = self._ready.popleft() if self._ready else None
                if fact is not None:
                    self._begun[fact] = time.monotonic()
                elif not self._begun:
                    self._changed.notify_all()

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
    except TimedOut as slow:
        return Missing(MissingKind.TIMED_OUT, str(slow))
    except Unavailable as answer:
        return Missing(MissingKind.UNAVAILABLE, str(answer))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - one broken probe must not take the others with it
        return Missing(MissingKind.BROKEN, described(error))
    return made
