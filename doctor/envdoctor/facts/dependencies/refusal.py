"""A file of a project that a tool refuses, and what is said where it cannot even be read."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator

from envdoctor.engine.fact import Fact
from envdoctor.facts.dependencies import conflicts
from envdoctor.system.files import Denied, NotText, Unreadable, read_text
from envdoctor.system.toml import Document, Malformed
from envdoctor.text import limits

Read = Callable[[str], Document]


class RefusalKind(enum.Enum):
    """What is wrong with a file."""

    CONFLICT = "a merge conflict that nobody has resolved"
    SYNTAX = "not the format that it should be"
    ACCESS = "a file that this user may not read"
    SCHEMA = "a newer format than the tool knows"
    NEWER = "a newer TOML than the tool may know"
    CONTENT = "well formed, and says something impossible"
    TOOL = "asks for another version of the tool"
    MEMBER = "a member of the workspace that is none"
    IGNORED = "something that the tool passes over"
    MISSPELT = "the same, and nearly what it knows"


HARMLESS = (RefusalKind.IGNORED, RefusalKind.MISSPELT, RefusalKind.NEWER)


class Refusal(Fact, frozen=True):
    """One file that a tool refuses.

    Attributes:
        tool: the command that refuses it.
        path: the file.
        said: why, in the tool's own words where it has clear ones.
        kind: what is wrong.
        line: where in the file, from 1; 0 for the whole file.
        is_lock: whether the tool makes the file itself.
        resumable: whether git is in the middle of the merge, so that it has the file as it was before.
    """

    tool: str
    path: str
    said: str
    kind: RefusalKind
    line: int = 0
    is_lock: bool = False
    resumable: bool = False

    @property
    def origin(self) -> str:
        """The file, with the line if it is one."""
        return f"{self.path}:{self.line}" if self.line else self.path


def malformed(tool: str, path: str, read: Read, *, is_lock: bool = False) -> Iterator[Refusal]:
    """What keeps a file from being read at all."""
    try:
        read(path)
    except (Malformed, NotText) as error:
        number = error.line if isinstance(error, Malformed) else None
        said, kind, line = classified(path, error.reason, number or 0)
        merging = kind is RefusalKind.CONFLICT and conflicts.is_merging(path)
        yield Refusal(tool, path, said, kind, line, is_lock, merging)
    except Denied as denied:
        yield Refusal(tool, path, denied.reason, RefusalKind.ACCESS, is_lock=is_lock)
    except Unreadable:
        return


def classified(path: str, said: str, line: int) -> tuple[str, RefusalKind, int]:
    """What a reader says of a file, unless it stumbled over the marks of a merge conflict, which says more."""
    try:
        mark = conflicts.first_mark(read_text(path, limits.LOCK))
    except Unreadable:
        mark = None
    if mark is None:
        return said, RefusalKind.SYNTAX, line
    number, text = mark
    return f"it has an unresolved merge conflict (`{text}`)", RefusalKind.CONFLICT, number
