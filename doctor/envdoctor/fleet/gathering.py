"""All reports of a source into the store. What is no report is named, and ends nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable

import msgspec

from envdoctor.fleet.answer import Unexamined
from envdoctor.fleet.documents import Written, WrittenSession, read
from envdoctor.fleet.sources import Input, inputs, size_of
from envdoctor.fleet.store import Store
from envdoctor.report.recording import BadRecording
from envdoctor.report.strict_json import Unsound

Tell = Callable[[str, int, int], None]
EVERY = 50
"""Reports between two steps of the bar."""


class Gathered:
    """What a source holds besides the reports.

    Attributes:
        problems: what is no report, a sentence each.
        unexamined: machines without a report, by name.
        notes: what else is to be said, a sentence each.
    """

    def __init__(self, store: Store) -> None:
        self.problems: list[str] = []
        self.unexamined: dict[str, str] = {}
        self.notes: list[str] = []
        self._store = store
        self._taken: dict[str, tuple[int, str]] = {}
        self._first: dict[bytes, str] = {}
        self._replaced: list[int] = []
        self._versions: Counter[str] = Counter()
        self._unmasked = 0

    @property
    def machines(self) -> frozenset[str]:
        """The machines that have a report."""
        return frozenset(self._taken)

    def take(self, found: Input) -> None:
        """Take in one report, or say why it is none."""
        if found.content is None:
            if found.failed and found.machine:
                self.unexamined[found.machine] = found.problem
            else:
                self.problems.append(f"{found.origin}: {found.problem}")
            return
        try:
            written = read(found.content, found.origin)
        except BadRecording as error:
            self.problems.append(str(error))
            return
        machine = found.machine or written.machine or found.origin
        digest = hashlib.blake2b(found.content, digest_size=16).digest()
        same = self._first.setdefault(digest, machine)
        if same != machine:
            self.problems.append(
                f"{found.origin}: the same report as that of {same}, to the byte: one of them is a copy"
            )
            return
        if machine in self._taken and not self._is_newer(machine, written, found.origin):
            return
        try:
            number = self._store.add(machine, session_of(written.session), written)
        except (msgspec.DecodeError, RecursionError, Unsound) as error:
            self.problems.append(f"{found.origin}: a fact in it cannot be read: {error}")
            return
        if machine in self._taken:
            older, _ = self._taken[machine]
            self._replaced.append(older)
        self._taken[machine] = (number, written.created)
        self._versions[written.tool.version] += 1
        self._unmasked += not written.shared

    def finish(self) -> None:
        """Bring what was read into the database, and sum up what is to be said of it."""
        self._store.finish(self._replaced)
        for machine, (_, created) in self._taken.items():
            if reason := self.unexamined.pop(machine, None):
                self.problems.append(f"{machine}: at the last try {reason}; its report of {created} counts")
        if len(self._versions) > 1:
            told = ", ".join(f"{version} ({count})" for version, count in self._versions.most_common())
            self.notes.append(
                f"reports of several versions of envdoctor: {told}; checks that only some of them have are compared "
                "among these"
            )
        if self._unmasked:
            told = "1 report was" if self._unmasked == 1 else f"{self._unmasked} reports were"
            self.notes.append(f"{told} made without `--share`: names and private hosts are not masked")

    def unexamined_machines(self, expected: tuple[str, ...] = ()) -> tuple[Unexamined, ...]:
        """The machines without a report, also those that are expected and of which there is no trace."""
        known = self.unexamined | {
            name: "there is no report of it"
            for name in expected
            if name not in self._taken and name not in self.unexamined
        }
        return tuple(Unexamined(machine, reason) for machine, reason in sorted(known.items()))

    def _is_newer(self, machine: str, written: Written, origin: str) -> bool:
        """Whether a further report of a machine replaces the one that was taken; both are named."""
        _, created = self._taken[machine]
        kept = max(created, written.created)
        self.problems.append(f"{origin}: a further report of {machine}; the one of {kept} counts")
        return written.created > created


def gather(source: str, store: Store, tell: Tell) -> Gathered:
    """Read a whole source. Raises NoSource."""
    gathered, total = Gathered(store), size_of(source)
    for number, found in enumerate(inputs(source)):
        if number % EVERY == 0:
            tell("reading reports", number, total or number)
        gathered.take(found)
    gathered.finish()
    return gathered


def session_of(session: WrittenSession | None) -> str:
    """Which session was examined: `ssh command (bash, login)`."""
    if session is None:
        return "session of which nothing is known"
    kinds = [name for name, is_so in (("login", session.login), ("interactive", session.interactive)) if is_so]
    return f"{session.occasion[:40]} ({', '.join((session.shell or 'no shell', *kinds))})"
