"""What a project accepts of what is found: by suppressions in its configuration, and by a baseline.

An accepted finding is not lost: it is counted and shown with the reason, and does not fail the run. The day that counts
is the recorded one, so that a replay says the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from envdoctor.engine.check import Check
from envdoctor.engine.finding import Evidence, Finding, Outcome
from envdoctor.engine.judge import Result
from envdoctor.report.report import Accepted, Report

if TYPE_CHECKING:
    from envdoctor.report.baseline import Baseline

NOTED_BEFORE = 14
"""Days before its end from which a suppression is noted."""

Text = Annotated[str, msgspec.Meta(min_length=1)]
Decision = str | Finding
"""What becomes of a finding: the reason why it is accepted, or the finding that is reported."""


class Suppression(msgspec.Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """Findings that a project accepts.

    Attributes:
        code: the code or the name of the check.
        reason: why they are accepted.
        until: the last day on which they are; None if there is no such day.
        where: a pattern, with `*` and `?`, for the file, directory or variable that is concerned; None for all.
    """

    code: Text
    reason: Text
    until: date | None = None
    where: Text | None = None

    def names(self, check: Check[Any]) -> bool:
        """Whether a check is meant."""
        return self.code.upper() == check.code or self.code.lower() == check.slug

    def fits(self, result: Result, finding: Finding) -> bool:
        """Whether a finding is meant, whatever day it is."""
        return self.names(result.check) and (self.where is None or fnmatchcase(finding.where or "", self.where))


class Rule(msgspec.Struct, frozen=True):
    """A suppression, and `file:line` where it stands."""

    suppression: Suppression
    origin: str


def accept(report: Report, rules: Sequence[Rule], today: date | None, baseline: Baseline | None = None) -> Report:
    """The report without what is accepted, which is listed instead, with what is to be said of the lists themselves."""
    used: set[Rule] = set()
    met: set[tuple[str, str]] = set()
    accepted: list[Accepted] = []

    def decide(result: Result, finding: Finding) -> Decision:
        for rule in rules:
            if rule.suppression.fits(result, finding):
                used.add(rule)
                if _days_left(rule, today) < 0:
                    return _ended(finding, rule)
                return f"{rule.suppression.reason} [{rule.origin}]"
        if baseline and (entry := baseline.entry(result, finding)) in baseline.entries:
            met.add(entry)
            return f"it was there before [{baseline.file}]"
        return finding

    results = tuple(_decided(result, decide, accepted) for result in report.results)
    judged = [result.check for result in report.results if result.outcome in (Outcome.OK, Outcome.FOUND)]
    return msgspec.structs.replace(
        report,
        results=results,
        accepted=tuple(accepted),
        unused=tuple(_unused(rules, used, judged)),
        notes=(*_ending(used, today), *(_gone(baseline, met, judged) if baseline else ())),
    )


def _decided(result: Result, decide: Callable[[Result, Finding], Decision], accepted: list[Accepted]) -> Result:
    kept = []
    for finding in result.findings:
        decision = decide(result, finding)
        if isinstance(decision, str):
            accepted.append(Accepted(result, finding, decision))
        else:
            kept.append(decision)
    outcome = result.outcome if kept or not result.findings else Outcome.OK
    return msgspec.structs.replace(result, findings=tuple(kept), outcome=outcome)


def _days_left(rule: Rule, today: date | None) -> int:
    """The days after which a suppression ends, 0 on its last day; many if it has no end."""
    until = rule.suppression.until
    return (until - today).days if until and today else NOTED_BEFORE + 1


def _ended(finding: Finding, rule: Rule) -> Finding:
    """The finding with a line that says that it was accepted once: otherwise it looks new."""
    text = f"this was accepted until {rule.suppression.until}: {rule.suppression.reason}"
    return msgspec.structs.replace(finding, evidence=(*finding.evidence, Evidence(text, rule.origin)))


def _unused(rules: Sequence[Rule], used: set[Rule], judged: Sequence[Check[Any]]) -> Iterator[str]:
    for rule in rules:
        if rule not in used and any(rule.suppression.names(check) for check in judged):
            yield f"{rule.origin}: {rule.suppression.code} is suppressed, and nothing of it is found"


def _ending(used: set[Rule], today: date | None) -> Iterator[str]:
    for rule in sorted(used, key=lambda rule: rule.origin):
        if 0 <= _days_left(rule, today) <= NOTED_BEFORE:
            yield f"{rule.origin}: {rule.suppression.code} is accepted until {rule.suppression.until} only"


def _gone(baseline: Baseline, met: set[tuple[str, str]], judged: Sequence[Check[Any]]) -> Iterator[str]:
    codes = {check.code for check in judged}
    for code, fingerprint in sorted(baseline.entries - met):
        if code in codes:
            yield f"{baseline.file}: {code} {fingerprint[:12]}… is not found any more and can be removed"
