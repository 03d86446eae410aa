"""Which items of a plan can be applied at all: what lasts, is not done by hand and does not need root."""

from __future__ import annotations

import enum

from envdoctor.engine.finding import Severity
from envdoctor.engine.fix import EditFile, Manual, Run, Scope
from envdoctor.plan.plan import Item


class Kind(enum.Enum):
    """What becomes of an item."""

    APPLIED = "applied"
    IN_SHELL = "for this shell"
    BY_HAND = "by hand"
    ADVICE = "advice"


def kind_of(item: Item, *, advice: bool = True) -> tuple[Kind, str]:
    """What becomes of an item, and why it is not applied; the summary of its fix where that is told by its kind.

    `advice` says whether that is applied which is no problem.
    """
    steps = item.actions
    by_hand = [step.text for step in item.fix.actions if isinstance(step, Manual)]
    if item.held_back and steps and not by_hand:
        return Kind.BY_HAND, item.held_back
    if by_hand or not steps:
        return Kind.BY_HAND, by_hand[0] if by_hand else item.fix.summary
    if item.fix.scope is Scope.SESSION or not any(isinstance(step, Run | EditFile) for step in steps):
        return Kind.IN_SHELL, item.fix.summary
    if any(isinstance(step, Run) and step.argv[0] == "sudo" for step in steps):
        return Kind.BY_HAND, "it needs the rights of root; `envdoctor fix` prints it"
    if not advice and not item.result.severity_of(item.finding).at_least(Severity.WARNING):
        return Kind.ADVICE, item.fix.summary
    return Kind.APPLIED, ""
