"""What came of a fix: the findings after it, compared with those before it."""

from __future__ import annotations

import enum
from collections.abc import Sequence

import msgspec

from envdoctor.engine.finding import Finding, Severity
from envdoctor.engine.finding import Outcome as Ended
from envdoctor.engine.fix import LASTING, Activate, AnyAction, Deactivate, Run, Scope
from envdoctor.engine.judge import Result
from envdoctor.plan.plan import Item
from envdoctor.report.report import Report
from envdoctor.text.patterns import pattern

Found = tuple[Result, Finding]
LINE = pattern(r":[0-9]+\b|\bline [0-9]+")


class Verdict(enum.Enum):
    """What came of a fix."""

    RESOLVED = "resolved"
    HERE_LEFT = "resolved for new shells"
    ENTER_LEFT = "to be completed in this shell"
    UNCHANGED = "unchanged"
    WORSE = "worse"
    UNKNOWN = "not known"


class Outcome(msgspec.Struct, frozen=True):
    """What came of one fix.

    Attributes:
        verdict: in a word.
        new: the findings that were not there before.
        reason: why it is not known; None otherwise.
    """

    verdict: Verdict
    new: tuple[Found, ...] = ()
    reason: str | None = None


def outcome_of(item: Item, before: Report, after: Report) -> Outcome:
    """What came of the fix of an item."""
    if new := new_in(after, before):
        return Outcome(Verdict.WORSE, new)
    verdict = verdict_of(item, before, after)
    result = _result(item, after)
    return Outcome(verdict, reason=result.reason if result and verdict is Verdict.UNKNOWN else None)


def verdict_of(item: Item, before: Report, after: Report) -> Verdict:
    """What became of the finding of an item, whatever else has come."""
    result = _result(item, after)
    left = [pair for pair in after.findings if _is_left(pair, item, before)]
    if result is None or result.outcome is Ended.CRASHED or (result.unsettled and not left):
        return Verdict.UNKNOWN
    if not left:
        return Verdict.RESOLVED
    if any(isinstance(step, Activate | Deactivate) for step in item.actions):
        return Verdict.ENTER_LEFT  # the shell is still in the environment that it was in
    if item.fix.scope is Scope.LASTING and all(finding.fix.scope is Scope.SESSION for _, finding in left):
        return Verdict.HERE_LEFT
    return Verdict.ENTER_LEFT if _has_to_follow(item.actions) else Verdict.UNCHANGED


def _has_to_follow(actions: Sequence[AnyAction]) -> bool:
    """Whether a command was run with a variable that the shell has not, and so does not find what it has made."""
    kinds = [
        isinstance(action, Run) for action in actions if isinstance(action, Run) or not isinstance(action, LASTING)
    ]
    return kinds != sorted(kinds, reverse=True)


def new_in(after: Report, before: Report) -> tuple[Found, ...]:
    """The problems that were not there before. Advice may come with a cure."""
    found = (pair for pair in after.findings if pair[0].severity_of(pair[1]).at_least(Severity.WARNING))
    return tuple(pair for pair in found if not any(is_same(pair, other) for other in before.findings))


def is_same(one: Found, other: Found) -> bool:
    """Whether two findings, of two examinations, are of the same check and about the same."""
    if one[0].check.code != other[0].check.code:
        return False
    mine, theirs = one[1], other[1]
    return says_same(mine, theirs) or (mine.where is not None and _lineless(mine.where) == _lineless(theirs.where))


def says_same(one: Finding, other: Finding) -> bool:
    """Whether two findings say the same, if of another line: an edit above it moves what stands in a file."""
    return _lineless(one.message) == _lineless(other.message)


def _lineless(text: str | None) -> str | None:
    return None if text is None else LINE.sub("", text)


def _result(item: Item, report: Report) -> Result | None:
    return next((each for each in report.results if each.check.code == item.code), None)


def _is_left(pair: Found, item: Item, before: Report) -> bool:
    """Whether a finding is that of the item, and not another of the same place."""
    if not is_same(pair, (item.result, item.finding)):
        return False
    others = (finding for _, finding in before.findings if finding is not item.finding)
    return says_same(pair[1], item.finding) or not any(says_same(pair[1], finding) for finding in others)
