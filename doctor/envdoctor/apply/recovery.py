"""What a killed run has left: told from the journal and the file, and brought to an end."""

from __future__ import annotations

import contextlib
import os

from envdoctor.apply import putting
from envdoctor.apply.blocks import Mismatch, taken_back
from envdoctor.apply.journal import Intent, Journal
from envdoctor.apply.putting import Overtaken
from envdoctor.apply.state import Refused, State
from envdoctor.apply.target import digest, reading
from envdoctor.system.files import Unreadable, read_bytes


def resolve(journal: Journal) -> list[str]:
    """Find out what came of each write that was interrupted, and repair the file where it was cut in the middle.

    A sentence for each. The caller holds the lock.
    """
    told = []
    for intent in journal.open():
        if intent.temporary:
            with contextlib.suppress(OSError):
                os.unlink(intent.temporary)
        try:
            done, sentence = _found(intent)
        except Refused as refused:
            done, sentence = False, f"{refused}{_kept(intent)}"
        except (OSError, Overtaken):  # it stays open
            told.append(f"{intent.code}: envdoctor was interrupted while it wrote {intent.path}{_kept(intent)}")
            continue
        told.append(f"{intent.code}: envdoctor was interrupted while it wrote {intent.path}: {sentence}")
        with contextlib.suppress(OSError):
            journal.end(intent, done=done)
            if intent.planned:
                os.unlink(intent.planned)
    return told


def resolve_all(state: State) -> list[str]:
    """The same, once nobody else writes. Raises Refused."""
    with state.locked():
        return resolve(Journal(state.journal))


def _found(intent: Intent) -> tuple[bool, str]:
    """Whether it was written, and what to say. Raises Refused, OSError and Overtaken."""
    with reading(intent.path) as seen:
        now = digest(seen.content)
        if now == intent.after:
            return True, "it was written nevertheless"
        if now == intent.before:
            return False, "nothing was changed yet"
        if seen.content is None:
            return False, f"it is no longer there{_kept(intent)}"
        before, planned = _content(intent.backup), _content(intent.planned)
        if before is not None and planned is not None and is_between(seen.content, before, planned):
            putting.write_in_place(seen, before)
            return False, "it was written in part, and is as it was before again"
        if not intent.undoes and intent.blocks and all(_holds(seen.content, intent, number) for number in (0, -1)):
            return True, "it was written, and changed by somebody else since"
        return False, f"it was changed by somebody else since{_kept(intent)}"


def is_between(now: bytes, old: bytes, new: bytes) -> bool:
    """Whether a content is what `write_in_place` leaves behind where it is killed."""
    tail = new[len(old) :]
    if now[: len(old)] == old:
        return tail.startswith(now[len(old) :])
    same = next((place for place, (one, other) in enumerate(zip(now, new, strict=False)) if one != other), len(new))
    return now[same:] == (old + tail)[same:]


def _holds(content: bytes, intent: Intent, number: int) -> bool:
    try:
        taken_back(content, intent.code, intent.blocks[number])
    except Mismatch:
        return False
    return True


def _content(path: str | None) -> bytes | None:
    if path is None:
        return None
    try:
        return read_bytes(path)
    except Unreadable:
        return None


def _kept(intent: Intent) -> str:
    return f"; as it was before it is kept at {intent.backup}" if intent.backup else ""
