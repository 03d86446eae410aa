"""How do facts come to be known? Each is sought once, after those that it needs, in the background.

Nothing here fails: what goes wrong in a probe becomes a `Missing` that says so.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from contextlib import nullcontext

import msgspec

from envdoctor.engine.fact import Fact, Known, Missing, MissingKind, Refused, TimedOut, Unavailable
from envdoctor.engine.reference import Facts, FactType, Need, Reference, imported
from envdoctor.engine.unread import Unread, UnreadFiles
from envdoctor.engine.wiring import (
    described,
    expect,
    expect_indexed,
    expect_recordable,
    facts_in,
    foundations,
    gate_of,
    needs_of,
    probe_of,
)
from envdoctor.system import supervision
from envdoctor.system.session import Session
from envdoctor.system.silent_mounts import Unanswered
from envdoctor.system.threads import begin
from envdoctor.system.unread import noting

TICK = 0.005
"""Seconds between two looks at whether the threads at work are idle."""


class Node(msgspec.Struct, frozen=True):
    """A fact in the order of asking: the fact, and the names of those that its probe needs."""

    fact: FactType
    needs: frozenset[str]


def with_their_needs(facts: Iterable[FactType], given: Container[str] = ()) -> dict[str, Node]:
    """These facts and every one that their probes need, directly or through another, by name.

    What is given, by name, needs nothing.
    """
    graph: dict[str, Node] = {}
    pending = list(facts)
    while pending:
        fact = pending.pop()
        if (name := fact.__name__) not in graph:
            needed = [] if name in given else facts_in(foundations(fact))
            graph[name] = Node(fact, frozenset(need.__name__ for need in needed))
            pending += needed
    return graph


def establish(facts: Iterable[FactType], session: Session, given: Mapping[type[Fact], Known] | None = None) -> Facts:
    """Find out these facts and all that they need, but for those that are given: what is said of them is taken."""
    enquiry = Enquiry(session, given or {})
    enquiry.seek(facts)
    return enquiry.wait()


def admitted(need: Need, value: Known) -> Known | None:
    """What a need gets of what is known: the fact, None where it need not exist and does not, or why it is missing."""
    if isinstance(value, Missing) and need.optional and value.kind is MissingKind.UNAVAILABLE:
        return None
    return value


class Enquiry:
    """The facts of one session on their way to being known.

    Most probes take a fraction of a millisecond, so one thread makes one fact after the other, first what most others
    wait for. Another thread joins it while all that work wait for the machine; a probe that hangs is left behind.
    """

    def __init__(self, session: Session, given: Mapping[type[Fact], Known] | None = None) -> None:
        self._session = session
        self._facts: dict[str, FactType] = {fact.__name__: fact for fact in given or {}}
        self._known: dict[str, Known] = {fact.__name__: known for fact, known in (given or {}).items()}
        self._unmet: dict[str, set[str]] = {}
        self._ready: set[str] = set()
        self._begun: dict[str, float] = {}
        self._awaited: Counter[str] = Counter()
        self._unread: dict[tuple[str, str], set[str]] = {}
        self._changed = threading.Condition()

    def seek(self, facts: Iterable[FactType]) -> None:
        """Begin to find out these facts and all that they need, and do not wait for them."""
        graph = with_their_needs(facts, self._facts.keys() & self._known.keys())
        with self._changed:
            for name, beneath in _foundations(graph).items():
                if name not in self._facts:
                    self._facts[name] = graph[name].fact
                    self._unmet[name] = set(graph[name].needs - self._known.keys())
                    self._awaited.update(beneath)
            self._promote()
            if not self._begun:
                self._employ()

    def wait(self) -> Facts:
        """Everything that was sought, each the fact or why it is missing."""
        with self._changed:
            while self._begun or self._ready:
                used = time.process_time()
                self._changed.wait(TICK)
                supervision.beat()
                self._give_up()
                if not self._begun or time.process_time() - used < TICK / 2:
                    self._employ()
            circle = Missing(MissingKind.BROKEN, "it stands on facts whose probes need each other")
            self._known |= dict.fromkeys(self._unmet, circle)
            if UnreadFiles.__name__ in self._known:
                self._known[UnreadFiles.__name__] = self._unread_files()
            return Facts({self._facts[name]: value for name, value in self._known.items()})

    def _promote(self, *settled: str) -> None:
        """Make ready what waited for nothing but these."""
        for needs in self._unmet.values():
            needs.difference_update(settled)
        ready = [name for name, needs in self._unmet.items() if not needs]
        self._ready.update(ready)
        for name in ready:
            del self._unmet[name]

    def _employ(self) -> None:
        """Let another thread make what is ready."""
        if name := self._next():
            begin(self._work, name)

    def _next(self) -> str | None:
        """Take what most others wait for of all that is ready."""
        if not self._ready:
            return None
        name = max(self._ready, key=self._awaited.__getitem__)
        self._ready.remove(name)
        self._begun[name] = time.monotonic()
        return name

    def _work(self, name: str | None) -> None:
        """Make this fact, and then one after the other while any is ready."""
        while name is not None:
            with noting() as notes:
                made = _make(self._facts[name], self._session, self._known)
            with self._changed:
                if name not in self._begun:  # too late: it has been given up
                    return
                for note in notes.items():
                    self._unread.setdefault(note, set()).add(name)
                self._settle(name, made)
                name = self._next()
                if not self._begun:
                    self._changed.notify_all()

    def _unread_files(self) -> UnreadFiles:
        return UnreadFiles(tuple(sorted(Unread(*file, tuple(sorted(facts))) for file, facts in self._unread.items())))

    def _settle(self, name: str, known: Known) -> None:
        del self._begun[name]
        self._known[name] = known
        self._promote(name)

    def _give_up(self) -> None:
        """Leave behind the probes that hang. The bound is wider than that of their own questions."""
        bound = self._session.timeout * 2 + 1
        now = time.monotonic()
        for name in [name for name, begun in self._begun.items() if now - begun >= bound]:
            self._settle(name, Missing(MissingKind.TIMED_OUT, f"timed out after {bound:g} s"))


def _foundations(graph: Mapping[str, Node]) -> dict[str, frozenset[str]]:
    """Each fact of a graph with all that it stands on."""
    found: dict[str, frozenset[str]] = {}

    def visit(name: str) -> frozenset[str]:
        if name not in found:
            found[name] = frozenset()  # also for who comes here again in a circle
            found[name] = graph[name].needs.union(*map(visit, graph[name].needs))
        return found[name]

    for name in graph:
        visit(name)
    return found


def _make(fact: FactType, session: Session, known: Mapping[str, Known]) -> Known:
    """Run a fact's probe, or say why it cannot be run. Its module is imported only where all is there that it needs."""
    if missing := _forestalled(fact, session, known):
        return missing
    try:
        with nullcontext() if (own := fact.__module__.startswith("envdoctor.")) else supervision.calling():
            kind = imported(fact)
            probe = probe_of(kind)
            expect_indexed(probe, foundations(fact), gate_of(fact))
            made: Fact = probe(*(session if need.fact is None else _supplied(need, known) for need in needs_of(probe)))
        expect(probe, kind, made)
        if not own:  # envdoctor's own are known to return, and to be well made
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


def _forestalled(fact: FactType, session: Session, known: Mapping[str, Known]) -> Missing | None:
    """Why the probe of a fact need not even be imported; None if it has to be called."""
    supplied = [_supplied(need, known) for need in foundations(fact)]
    if missing := next((value for value in supplied if isinstance(value, Missing)), None):
        return missing
    if isinstance(fact, Reference) and fact.gate.is_shut((session, *supplied)):
        return Missing(MissingKind.UNAVAILABLE, fact.gate.otherwise)
    return None


def _supplied(need: Need, known: Mapping[str, Known]) -> Known | None:
    return None if need.fact is None else admitted(need, known[need.fact.__name__])
