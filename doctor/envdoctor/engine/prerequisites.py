"""What has to be done by hand before the commands of a fix can work? What another finding says stops them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from posixpath import basename

import msgspec

from envdoctor.engine.finding import Finding
from envdoctor.engine.fix import Fix, Manual, Run

ROOTS = "sudo"
Stoppers = tuple[tuple[str, Finding], ...]
"""Findings that stop commands, each behind the code of its check."""


def stoppers(found: Iterable[tuple[str, Finding]]) -> Stoppers:
    """Those of the findings, each behind the code of its check, that stop commands and that only a person can fix."""
    return tuple((code, finding) for code, finding in found if finding.stops and _needs_a_person(finding.fix))


def behind(stopping: Stoppers, finding: Finding) -> Finding:
    """The finding, with a fix that begins with what has to be done by hand before its commands work."""
    others = (pair for pair in stopping if pair[1] is not finding)
    first = tuple(dict.fromkeys(_first(others, finding.fix)))
    return msgspec.structs.replace(finding, fix=_begun(finding.fix, first)) if first else finding


def _first(stopping: Iterable[tuple[str, Finding]], fix: Fix) -> Iterator[Manual]:
    commands = [action.argv for action in fix.actions if isinstance(action, Run)]
    for code, other in stopping:
        if any(_holds(argv, words) for argv in commands for words in other.stops):
            summary = other.fix.summary
            yield Manual(f"First {summary[:1].lower()}{summary[1:]} ({code})")


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


def _begun(fix: Fix, first: tuple[Manual, ...]) -> Fix:
    return Fix(fix.summary, *first, *fix.actions, safety=fix.safety, scope=fix.scope, undo=fix.undo)
