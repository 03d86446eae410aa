"""What of a report can be fixed in the shell itself, at once and without a question?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from envdoctor.engine.finding import Finding
from envdoctor.engine.fix import AnyAction, Fix, Manual, PrependPath, RemoveFromPath, Safety, Scope
from envdoctor.engine.judge import Result
from envdoctor.plan.plan import Item, plan_of
from envdoctor.report.redaction import MASKED
from envdoctor.report.report import Report


class SessionPlan(msgspec.Struct, frozen=True):
    """The plan of a session.

    Attributes:
        items: what is fixed, in order; what it makes moot is not among the rest.
        rest: the findings that this shell cannot fix alone, with their results.
        by_hand: what remains to be done by hand of what is fixed, with the code.
    """

    items: tuple[Item, ...]
    rest: tuple[tuple[Result, Finding], ...]
    by_hand: tuple[tuple[str, str], ...]


def session_plan(report: Report, is_sayable: Callable[[AnyAction], bool]) -> SessionPlan:
    """What is safe, reaches no further than the shell, and can be said in it, as `is_sayable` tells of a step."""
    fixed = {id(finding) for _, finding in report.findings if _is_fixed(finding.fix, is_sayable)}
    plan = plan_of(_only(report, fixed))
    items = tuple(item for item in plan.items if item.held_back is None)
    held = tuple((item.result, item.finding) for item in plan.items if item.held_back is not None)
    rest = tuple(pair for pair in report.findings if id(pair[1]) not in fixed)
    by_hand = tuple(
        (item.code, action.text) for item in items for action in item.fix.actions if isinstance(action, Manual)
    )
    return SessionPlan(items, (*rest, *held), by_hand)


def steps_of(item: Item) -> tuple[AnyAction, ...]:
    """The steps as they can be repeated: what is put first in a list is taken out of it before."""
    return tuple(_repeatable(item.actions))


def _repeatable(actions: tuple[AnyAction, ...]) -> Iterator[AnyAction]:
    for action in actions:
        if isinstance(action, PrependPath):
            yield RemoveFromPath(action.directory, action.variable)
        if not isinstance(action, Manual):
            yield action


def _is_fixed(fix: Fix, is_sayable: Callable[[AnyAction], bool]) -> bool:
    """Whether a fix is for the shell alone. What is done by hand may follow its steps, and come before none of them."""
    if fix.safety is not Safety.SAFE or fix.scope is not Scope.SESSION:
        return False
    by_hand = [isinstance(action, Manual) for action in fix.actions]
    masked = any(isinstance(action, Manual) and action.text.startswith(MASKED) for action in fix.actions)
    steps = [action for action in fix.actions if not isinstance(action, Manual)]
    return bool(steps) and by_hand == sorted(by_hand) and not masked and all(map(is_sayable, steps))


def _only(report: Report, kept: set[int]) -> Report:
    """The report with some of its findings."""
    results = tuple(
        msgspec.structs.replace(each, findings=tuple(one for one in each.findings if id(one) in kept))
        for each in report.results
    )
    return msgspec.structs.replace(report, results=results)
