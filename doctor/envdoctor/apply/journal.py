"""The journal: a line for what is about to be written, and one when it is done, so that a killed run can be told.

A line is JSON, appended and on the disk before the next step. A line that was cut off counts for nothing.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from envdoctor.apply.blocks import Block
from envdoctor.apply.state import JOURNAL_FLAGS, Refused
from envdoctor.system.files import Unreadable, read_bytes
from envdoctor.text import limits


class Intent(msgspec.Struct, frozen=True, tag="intent", tag_field="event", omit_defaults=True):
    """What is about to be written.

    Attributes:
        id: tells it from every other.
        time: when.
        code: the check whose fix it is.
        path: the real file.
        before: sha256 of the file as it was; None if it was not there.
        after: sha256 of the file as it shall be; None if it shall not be there.
        temporary: the file beside it that takes its place; None if it is written in place.
        backup: the file as it was, in the state directory; None if it was not there.
        planned: the file as it shall be, in the state directory, where it is written in place.
        blocks: what is written in blocks of their own; in an undoing, what is taken back.
        undoes: the id of what is taken back; None for a fix.
    """

    id: str
    time: str
    code: str
    path: str
    before: str | None = None
    after: str | None = None
    temporary: str | None = None
    backup: str | None = None
    planned: str | None = None
    blocks: tuple[Block, ...] = ()
    undoes: str | None = None


class Outcome(msgspec.Struct, frozen=True, tag="outcome", tag_field="event", omit_defaults=True):
    """What came of it.

    Attributes:
        id: of the intent.
        time: when that was known.
        done: whether it was written.
    """

    id: str
    time: str
    done: bool


class Journal:
    """What was written, as one file tells it.

    Attributes:
        path: the file.
        intents: all that was ever begun, in order.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.intents: list[Intent] = []
        self._done: dict[str, bool] = {}
        for line in _lines(path):
            self._take(line)

    def open(self) -> list[Intent]:
        """What was begun, and nobody knows what came of it: a run was killed."""
        return [intent for intent in self.intents if intent.id not in self._done]

    def done(self) -> list[Intent]:
        """What was written, undoings too."""
        return [intent for intent in self.intents if self._done.get(intent.id)]

    def in_effect(self) -> list[Intent]:
        """What was written by fixes and not taken back, with the blocks that are left of it."""
        left = []
        undoings = [intent for intent in self.done() if intent.undoes]
        for intent in self.done():
            mine = [undoing for undoing in undoings if undoing.undoes == intent.id]
            gone = [block for undoing in mine for block in undoing.blocks]
            blocks = tuple(block for block in intent.blocks if block not in gone)
            if not intent.undoes and (blocks or not mine):
                left.append(msgspec.structs.replace(intent, blocks=blocks))
        return left

    def begin(self, intent: Intent) -> None:
        """Write down what is about to be written. Raises OSError."""
        self._append(intent)
        self.intents.append(intent)

    def end(self, intent: Intent, *, done: bool) -> None:
        """Write down what came of it. Raises OSError."""
        self._append(Outcome(intent.id, now(), done))
        self._done[intent.id] = done

    def _take(self, line: bytes) -> None:
        try:
            entry = msgspec.convert(json.loads(line), Intent | Outcome)
        except (ValueError, RecursionError, msgspec.ValidationError):
            return
        if isinstance(entry, Intent):
            self.intents.append(entry)
        else:
            self._done[entry.id] = entry.done

    def _append(self, entry: Intent | Outcome) -> None:
        text = json.dumps(msgspec.to_builtins(entry)).encode()
        descriptor = os.open(self.path, JOURNAL_FLAGS, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                text = b"\n" + text  # behind a line that was cut off
            write_all(descriptor, text + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def new_id() -> str:
    """An id that no other intent has."""
    return f"{time.time_ns():x}-{os.getpid():x}"


def now() -> str:
    """The time as the journal has it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def write_all(descriptor: int, content: bytes) -> None:
    """Write everything. Raises OSError."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _lines(path: str) -> Iterable[bytes]:
    """The lines of the journal; none where there is no journal yet. Raises Refused."""
    try:
        return read_bytes(path, limits.JOURNAL).split(b"\n") if os.path.lexists(path) else ()
    except Unreadable as unreadable:
        raise Refused(f"the record of what was written cannot be read: {unreadable}") from unreadable
