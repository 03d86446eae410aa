"""Where does the shell look for commands, and what does each element of `PATH` mean?"""

from __future__ import annotations

import enum
import os

from envdoctor.engine.fact import Fact, probe
from envdoctor.system.session import Session


class EntryKind(enum.Enum):
    """What an element of the search path is."""

    NORMAL = "normal"
    EMPTY = "empty"
    RELATIVE = "relative"
    TILDE = "tilde"


class PathEntry(Fact, frozen=True):
    """One element of `PATH`.

    Attributes:
        position: its place on the path, the first is 0.
        text: the element, verbatim.
        directory: what it means everywhere, absolute and as spelled: the working directory if it is empty. None for a
            relative element, which means another place after every `cd`, and for `~/…`, which only bash expands.
        kind: which of these it is.
        exists: whether there is a directory now; for `~/…`, where bash looks.
        real: that directory with all links resolved; None if there is none.
        searched: whether the calling shell looks there: `~/…` is an element for bash alone.
    """

    position: int
    text: str
    directory: str | None
    kind: EntryKind = EntryKind.NORMAL
    exists: bool = True
    real: str | None = None
    searched: bool = True


class SearchPath(Fact, frozen=True):
    """The search path of the session, in the order in which it is searched."""

    entries: tuple[PathEntry, ...] = ()

    @property
    def absolute(self) -> tuple[str, ...]:
        """The directories that mean the same everywhere and are there, as spelled, each once."""
        there = (entry.text for entry in self.entries if entry.kind is EntryKind.NORMAL and entry.exists)
        return tuple(dict.fromkeys(there))

    def position(self, *spellings: str) -> int | None:
        """The place of the first element that is one of these directories, as spelled or resolved."""
        wanted = {os.path.normpath(spelling) for spelling in spellings}
        for entry in self.entries:
            if entry.real in wanted or (entry.directory and os.path.normpath(entry.directory) in wanted):
                return entry.position
        return None


def kind_of(text: str) -> EntryKind:
    """What an element is, by its text alone."""
    if not text:
        return EntryKind.EMPTY
    if os.path.isabs(text):
        return EntryKind.NORMAL
    return EntryKind.TILDE if text.startswith("~") else EntryKind.RELATIVE


@probe
def probe_search_path(session: Session) -> SearchPath:
    """Read `PATH`, and look which of its directories exist."""
    return SearchPath(tuple(_entry(session, *item) for item in enumerate(session.search_path)))


def _entry(session: Session, position: int, text: str) -> PathEntry:
    kind = kind_of(text)
    place = _place(session, text, kind)
    directory = place if kind in (EntryKind.NORMAL, EntryKind.EMPTY) else None
    real = os.path.realpath(place) if place and os.path.isdir(place) else None
    searched = kind is not EntryKind.TILDE or any(process.name == "bash" for process in session.processes[:1])
    return PathEntry(position, text, directory, kind, real is not None, real, searched)


def _place(session: Session, text: str, kind: EntryKind) -> str | None:
    """Where an element leads right now, for whatever shell follows it."""
    match kind:
        case EntryKind.NORMAL:
            return text
        case EntryKind.EMPTY:
            return session.cwd
        case EntryKind.RELATIVE:
            return os.path.join(session.cwd, text) if session.cwd else None
        case EntryKind.TILDE:
            return session.home + text[1:] if session.home and text[1:2] in ("", "/") else None
