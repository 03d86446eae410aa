"""What is done first, what is gone then, what contradicts what? A pure function over a report: a replay plans the same.

A plan says in which order fixes compose. Whether one is applied, is asked for or is left to the reader is for the
commands to decide, by the safety and the scope of its fix.
"""

from __future__ import annotations

import msgspec

from envdoctor.engine.finding import Finding
from envdoctor.engine.fix import AnyAction, Fix, Manual
from envdoctor.engine.judge import Result
from envdoctor.report.report import Report

BY_HAND = "it has to be done by hand"


class Item(msgspec.Struct, frozen=True):
    """One finding in its place, with its fix.

    Attributes:
        result: of the check that found it.
        finding: the finding; its fix is as the check made it.
        actions: the steps of the fix that are left to do, when all items before it have been applied.
        then_gone: the codes of the findings that are gone once this item is applied; they have no item of their own.
        examine_again: whether so much is different after it that what follows is to be examined again first.
        held_back: why it is not applied: it contradicts an item before it, or no command can do it; None if it is.
    """

    result: Result
    finding: Finding
    actions: tuple[AnyAction, ...]
    then_gone: tuple[str, ...] = ()
    examine_again: bool = False
    held_back: str | None = None

    @property
    def code(self) -> str:
        """The code of the check."""
        return self.result.check.code

    @property
    def fix(self) -> Fix:
        """The finding's own fix, whole."""
        return self.finding.fix


class Plan(msgspec.Struct, frozen=True):
    """The findings of a report in the order in which their fixes compose."""

    items: tuple[Item, ...]


def plan_of(report: Report) -> Plan:
    """The plan for these findings. Nothing but the report is looked at."""
    return Plan(tuple(_item(result, finding) for result, finding in report.findings))


def _item(result: Result, finding: Finding) -> Item:
    actions = finding.fix.actions
    by_hand = all(isinstance(action, Manual) for action in actions)
    return Item(result, finding, actions, held_back=BY_HAND if by_hand else None)
