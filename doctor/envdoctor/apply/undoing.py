"""Take back what fixes have written, block by block, and leave alone what somebody has changed since."""

from __future__ import annotations

import enum

import msgspec

from envdoctor.apply.blocks import Block, Gone, Mismatch, taken_back
from envdoctor.apply.change import Wanted, change
from envdoctor.apply.journal import Intent, Journal
from envdoctor.apply.state import Refused, State
from envdoctor.apply.target import digest
from envdoctor.system.files import Unreadable, read_bytes


class Ending(enum.Enum):
    """What came of an undoing."""

    UNDONE = "undone"
    GONE = "gone already"
    KEPT = "left as it is"


class Undone(msgspec.Struct, frozen=True):
    """What came of taking back one edit.

    Attributes:
        code: the check whose fix it was.
        path: the file.
        ending: what came of it.
        reason: why it was left as it is, or what of it; None if all is well.
    """

    code: str
    path: str
    ending: Ending
    reason: str | None = None


def undo(state: State, journal: Journal, codes: frozenset[str]) -> list[Undone]:
    """Take back what was written for these checks, or for all if there is none, the latest first.

    The caller holds the lock. Raises nothing: what cannot be taken back is told.
    """
    entries = [entry for entry in journal.in_effect() if not codes or entry.code in codes]
    return [_undone(state, journal, entry) for entry in reversed(entries)]


def _undone(state: State, journal: Journal, entry: Intent) -> Undone:
    undoing = _Undoing(journal, entry)
    try:
        done = change(state, journal, entry.path, undoing.make, entry.code, entry.id)
    except (Mismatch, Refused) as error:
        kept = f"; as it was before it is kept at {entry.backup}" if entry.backup else ""
        return Undone(entry.code, entry.path, Ending.KEPT, f"{error}{kept}")
    if undoing.reasons:
        return Undone(entry.code, entry.path, Ending.KEPT, "; ".join(undoing.reasons))
    return Undone(entry.code, entry.path, Ending.UNDONE if done.written else Ending.GONE)


class _Undoing:
    """Makes a file what it was without one edit.

    Attributes:
        reasons: why some of its blocks stay.
    """

    def __init__(self, journal: Journal, entry: Intent) -> None:
        self.reasons: list[str] = []
        self._journal = journal
        self._entry = entry

    def make(self, content: bytes | None) -> Wanted:
        """The content without the edit. Raises Mismatch where all of it has to stay."""
        self.reasons = []
        entry = self._entry
        if content is None:
            return Wanted(None, entry.blocks)
        if digest(content) == entry.after and (entry.before is None or _backup(entry) is not None):
            return Wanted(_backup(entry), entry.blocks)
        if not entry.blocks:
            raise Mismatch(self._later() or "it was changed by hand")
        back: list[Block] = []
        for block in reversed(entry.blocks):
            try:
                content = taken_back(content, entry.code, block)
            except Gone:
                pass
            except Mismatch as mismatch:
                self.reasons.append(str(mismatch))
                continue
            back.append(block)
        if not back:
            raise Mismatch("; ".join(self.reasons))
        return Wanted(self._as_known(content), tuple(back))

    def _as_known(self, content: bytes) -> bytes | None:
        """The same without a last line end that an edit has added, or no file where there was none before an edit."""
        known = {intent.before for intent in self._journal.done() if intent.path == self._entry.path}
        if not content and None in known:
            return None
        for end in (b"\r\n", b"\n"):
            if content.endswith(end) and digest(content.removesuffix(end)) in known:
                return content.removesuffix(end)
        return content

    def _later(self) -> str | None:
        """Who has edited the same file after this, and has to be undone first; None if nobody has."""
        mine = [entry for entry in self._journal.in_effect() if entry.path == self._entry.path]
        later = [entry.code for entry in mine if entry.id > self._entry.id]
        return f"{' and '.join(later)} has edited it since, which has to be undone first" if later else None


def _backup(entry: Intent) -> bytes | None:
    """The file as it was, if it is still kept."""
    try:
        content = read_bytes(entry.backup or "")
    except Unreadable:
        return None
    return content if digest(content) == entry.before else None
