"""What came of an examination: one result a check, every fact, and the exit code that means the same everywhere."""

from __future__ import annotations

import enum

import msgspec

from envdoctor.engine.finding import Finding, Outcome, Severity
from envdoctor.engine.judge import Result
from envdoctor.engine.reference import Facts
from envdoctor.engine.unread import Unread, UnreadFiles


class ExitCode(enum.IntEnum):
    """What a run's exit status says. Usage errors (2) and interruptions (130) never get as far as a report."""

    HEALTHY = 0
    PROBLEMS = 1
    INCOMPLETE = 3


class Redaction(msgspec.Struct, frozen=True):
    """How many different secrets were masked by a rule, wherever and however often they stood."""

    rule: str
    count: int


class Accepted(msgspec.Struct, frozen=True):
    """A finding that does not count, because the project accepts it.

    Attributes:
        result: of its check.
        finding: the finding.
        reason: why it is accepted, and where that stands.
    """

    result: Result
    finding: Finding
    reason: str


class Recorded(msgspec.Struct, frozen=True):
    """Where the facts of a replay come from.

    Attributes:
        file: the report that holds them.
        created: when they were recorded, as that report says.
        version: the envdoctor that recorded them.
    """

    file: str
    created: str
    version: str


class Report(msgspec.Struct, frozen=True):
    """A whole examination.

    Attributes:
        created: when, as an ISO 8601 UTC time.
        results: one for every selected check, in the order of the codes.
        known: every fact that was sought: the fact, or why it is missing.
        broken_plugins: one sentence for each plugin that could not be loaded.
        fail_on: the severity from which a finding fails the run.
        redactions: what `redact` has masked.
        recorded: where the facts come from; None if they are those of this machine, now.
        accepted: the findings that the project accepts; they are not among those of the results.
        unused: the suppressions to which no finding belongs, a sentence each.
        notes: what else is to be said of suppressions and baseline.
        strict: whether an unused suppression fails the run.
        shared: whether what is personal is masked too.
    """

    created: str
    results: tuple[Result, ...]
    known: Facts
    broken_plugins: tuple[str, ...] = ()
    fail_on: Severity = Severity.ERROR
    redactions: tuple[Redaction, ...] = ()
    recorded: Recorded | None = None
    accepted: tuple[Accepted, ...] = ()
    unused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    strict: bool = False
    shared: bool = False

    @property
    def findings(self) -> tuple[tuple[Result, Finding], ...]:
        """Every finding with its result: the worst first, then in the order of the codes."""
        pairs = [(result, finding) for result in self.results for finding in result.findings]
        return tuple(sorted(pairs, key=lambda pair: -pair[0].severity_of(pair[1]).rank))

    def count(self, severity: Severity) -> int:
        """How many findings are just this bad."""
        return sum(result.severity_of(finding) is severity for result, finding in self.findings)

    @property
    def fails(self) -> bool:
        """Whether a finding is bad enough to fail the run."""
        return any(result.severity_of(finding).at_least(self.fail_on) for result, finding in self.findings)

    @property
    def exit_code(self) -> ExitCode:
        """The exit status of the run."""
        if self.fails or (self.strict and self.unused):
            return ExitCode.PROBLEMS
        crashed = any(result.outcome is Outcome.CRASHED or result.unsettled for result in self.results)
        return ExitCode.INCOMPLETE if crashed or self.unread or self.broken_plugins else ExitCode.HEALTHY

    def accepted_of(self, result: Result) -> tuple[Accepted, ...]:
        """What the project accepts of a check's findings."""
        return tuple(each for each in self.accepted if each.result.check is result.check)

    @property
    def unread(self) -> tuple[Unread, ...]:
        """The files that were wanted and could not be read."""
        unread = self.known.get(UnreadFiles)
        return unread.files if isinstance(unread, UnreadFiles) else ()

    @property
    def verdict(self) -> str:
        """The exit status in a word: `healthy`, `problems` or `incomplete`."""
        return self.exit_code.name.lower()
