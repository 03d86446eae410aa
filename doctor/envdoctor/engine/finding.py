"""The words of a report: how bad, what was found, what came of each check."""

from __future__ import annotations

import enum

import msgspec

from envdoctor.engine.fix import Fix


class Severity(enum.Enum):
    """How bad a finding is. `INFO` never fails a run."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """0 for info, 1 for a warning, 2 for an error."""
        return list(Severity).index(self)

    def at_least(self, other: Severity) -> bool:
        """Whether this is as bad as the other, or worse."""
        return self.rank >= other.rank


class Evidence(msgspec.Struct, frozen=True):
    """One piece of proof: what was seen, and where it came from (a variable, a file with its line, a command)."""

    text: str
    origin: str


class Finding(msgspec.Struct, frozen=True):
    """One sickness that a check proved, and its cure. There is no finding without a fix.

    Attributes:
        message: what is wrong, in one sentence without a full stop, naming what is concerned.
        fix: what fixes it.
        where: the file, directory or variable that is concerned.
        evidence: the proof, in the order in which a reader follows it.
        severity: how bad, where the evidence asks for another than the check's own.
        stops: the commands that fail until this is fixed, each by words that it has in this order: `("uv", "sync")`.
    """

    message: str
    fix: Fix
    where: str | None = None
    evidence: tuple[Evidence, ...] = ()
    severity: Severity | None = None
    stops: tuple[tuple[str, ...], ...] = ()


class Outcome(enum.Enum):
    """How a check ended."""

    OK = "ok"
    FOUND = "found"
    SKIPPED = "skipped"
    CRASHED = "crashed"
