"""What has to be done before the commands of a fix can work? What another finding says stops them.

What only a person can do becomes a first step. What commands can do is named in the summary; the plan puts it first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from posixpath import basename

import msgspec

from envdoctor.engine.finding import Finding
from envdoctor.engine.fix import Fix, Manual, Run

ROOTS = "sudo"
Stoppers = tuple[tuple[str, Finding], ...]
"""Findings that stop commands, each behind the code of its check."""


def stoppers(found: Iterable[tuple[str, Finding]]) -> Stoppers:
    """Those of the findings, each behind the code of its check, that stop commands."""
    return tuple((code, finding) for code, finding in found if finding.stops)


def behind(stopping: Stoppers, finding: Finding) -> Finding:
    """The finding, with a fix that says what has to be done before its commands work."""
    ahead = [(code, other.fix) for code, other in stopping if other is not finding and _is_stopped(finding.fix, other)]
    by_hand = dict.fromkeys(_told(code, fix) for code, fix in ahead if _needs_a_person(fix))
    by_fix = dict.fromkeys(code for code, fix in ahead if not _needs_a_person(fix))
    return (
        msgspec.structs.replace(finding, fix=_begun(finding.fix, tuple(by_hand), tuple(by_fix))) if ahead else finding
    )


def _is_stopped(fix: Fix, other: Finding) -> bool:
    commands = [action.argv for action in fix.actions if isinstance(action, Run)]
    return any(_holds(argv, words) for argv in commands for words in other.stops)


def _told(code: str, fix: Fix) -> Manual:
    return Manual(f"First {fix.summary[:1].lower()}{fix.summary[1:]} ({code})")


def _holds(argv: Sequence[str], words: Sequence[str]) -> bool:
    """Whether a command is of the first word's program, or of `python -m` with it, and has the others in this order."""
    program, *rest = (argv[2:] if argv[1:2] == ("-m",) else argv) or ("",)
    left = iter(rest)
    return (basename(program),) == tuple(words[:1]) and all(word in left for word in words[1:])


def _needs_a_person(fix: Fix) -> bool:
    return any(
        isinstance(action, Manual) or (isinstance(action, Run) and action.argv[:1] == (ROOTS,))
        for action in fix.actions
    )


def _begun(fix: Fix, first: tuple[Manual, ...], codes: tuple[str, ...]) -> Fix:
    summary = f"{fix.summary} (after {' and '.join(codes)})" if codes else fix.summary
    return Fix(summary, *first, *fix.actions, safety=fix.safety, scope=fix.scope, undo=fix.undo)
