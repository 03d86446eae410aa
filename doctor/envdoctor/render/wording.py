"""The words that every machine-readable format has in common: names, counts, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from envdoctor.engine.check import Check
from envdoctor.engine.finding import Finding, Outcome, Severity
from envdoctor.engine.fix import Manual
from envdoctor.engine.judge import Result
from envdoctor.report.report import Report
from envdoctor.shells.dialects import Shell, lines_of
from envdoctor.text.visible import visible

UNEXAMINED = {
    Outcome.CRASHED: "crashed",
    Outcome.FOUND: "could be examined only in part",
    Outcome.SKIPPED: "could not be examined",
}
MOST_CODES = 5
MARKS = {Severity.ERROR: ("✗", "bold red"), Severity.WARNING: ("!", "bold yellow"), Severity.INFO: ("i", "bold cyan")}
"""How a severity is marked in text, and painted."""


def title(check: Check[Any]) -> str:
    """`PIP001 pip-installs-elsewhere`."""
    return f"{check.code} {check.slug}"


def steps(finding: Finding, shell: Shell) -> tuple[str, ...]:
    """The steps of a fix as lines to paste; what has to be done by hand is a comment."""
    return tuple(text for text, _ in lines_of(finding.fix.actions, shell))


def advice(finding: Finding, shell: Shell, *, replayed: bool = False) -> str:
    """The fix in one paragraph a step: the summary, then each step on a line of its own."""
    intro = "Fix for that machine: " if replayed else "Fix: "
    lines = (
        visible(action.text) if isinstance(action, Manual) else command
        for command, action in lines_of(finding.fix.actions, shell)
    )
    return "\n".join((f"{intro}{visible(finding.fix.summary)}", *(f"  {line}" for line in lines)))


def proof(finding: Finding) -> tuple[str, ...]:
    """What was seen, and where, a line each."""
    return tuple(f"{visible(evidence.text)}  [{visible(evidence.origin)}]" for evidence in finding.evidence)


def unexamined(report: Report) -> tuple[str, ...]:
    """What nobody knows, a sentence each: checks that crashed or lacked a fact, files, plugins."""
    reasons: dict[str, list[str]] = {}
    for result in report.results:
        if result.outcome is Outcome.CRASHED or result.unsettled:
            reasons.setdefault(f"{UNEXAMINED[result.outcome]}: {result.reason}", []).append(result.check.code)
    told = (f"{_some(codes)} {reason}" for reason, codes in reasons.items())
    files = (f"{file} (could not be read)" for file in report.unread if not any(str(file) in text for text in reasons))
    return tuple(map(visible, (*told, *files, *report.broken_plugins)))


def fails(report: Report, result: Result) -> bool:
    """Whether a result fails the run."""
    return any(result.severity_of(finding).at_least(report.fail_on) for finding in result.findings)


def counted(report: Report) -> str:
    """`2 errors, 1 warning`; empty if nothing was found."""
    return ", ".join(_counts(report))


def number(count: int, noun: str) -> str:
    """`1 error`, `2 errors`, `2 info`."""
    return f"{count} {noun}" if count == 1 or noun == Severity.INFO.value else f"{count} {noun}s"


def _counts(report: Report) -> Iterator[str]:
    for severity in reversed(Severity):
        if count := report.count(severity):
            yield number(count, severity.value)


def _some(codes: list[str]) -> str:
    shown = ", ".join(codes[:MOST_CODES])
    return shown if len(codes) <= MOST_CODES else f"{shown} and {len(codes) - MOST_CODES} more"
