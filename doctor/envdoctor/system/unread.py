"""Keep note of the files that were wanted and could not be read, for whoever asks a question that needs files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_notes: ContextVar[dict[str, str] | None] = ContextVar("notes", default=None)


@contextmanager
def noting() -> Iterator[dict[str, str]]:
    """What could not be read meanwhile, by this thread and those that it starts: the reason by path."""
    notes: dict[str, str] = {}
    token = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(token)


def note(path: str, reason: str) -> None:
    """Keep note of a file that is there, that the session's own tools would read, and that envdoctor could not."""
    notes = _notes.get()
    if notes is not None:
        notes[path] = reason
