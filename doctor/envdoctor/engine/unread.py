"""What could not be read, kept with the facts: silence about it would pass for health."""

from __future__ import annotations

import msgspec

from envdoctor.engine.fact import Fact, probe
from envdoctor.system.session import Session


class Unread(msgspec.Struct, frozen=True, order=True):
    """A file that was wanted and could not be read.

    Attributes:
        path: the file.
        reason: why, in a few words.
        facts: the names of the facts that wanted it.
    """

    path: str
    reason: str
    facts: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class UnreadFiles(Fact, frozen=True):
    """Every file that a probe of this run wanted and could not read, by path."""

    files: tuple[Unread, ...] = ()

    def of(self, fact: str) -> tuple[Unread, ...]:
        """Those that the fact of this name wanted."""
        return tuple(file for file in self.files if fact in file.facts)


@probe
def probe_unread_files(_session: Session) -> UnreadFiles:
    """Begin with nothing. The collector adds what it learns while other facts are made."""
    return UnreadFiles()
