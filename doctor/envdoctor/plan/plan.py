"""What is done first, what is gone then, what contradicts what? A pure function over a report: a replay plans the same.

A plan says in which order fixes compose. Whether one is applied, is asked for or is left to the reader is for the
commands to decide, by the safety and the scope of its fix.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from envdoctor.engine.finding import Finding
from envdoctor.engine.fix import AnyAction, Fix, Manual
from envdoctor.engine.judge import Result
from envdoctor.facts.session.context import Examined
from envdoctor.plan.composition import changes_python, comes_first, contradiction, makes_moot
from envdoctor.plan.effect import Effect
from envdoctor.plan.effects import effects_of
from envdoctor.plan.order import ordered
from envdoctor.plan.sharing import Taken
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


class _Draft(msgspec.Struct, frozen=True, eq=False):
    """A finding, and what its fix changes."""

    result: Result
    finding: Finding
    effects: tuple[Effect, ...]

    @property
    def code(self) -> str:
        return self.result.check.code


def plan_of(report: Report) -> Plan:
    """The plan for these findings. Nothing but the report is looked at."""
    examined = report.known.get(Examined)
    cwd = (examined.cwd if isinstance(examined, Examined) else None) or "/"
    drafts = [_Draft(result, finding, effects_of(finding.fix.actions, cwd)) for result, finding in report.findings]
    return _composed(ordered(drafts, _comes_first), cwd)


def _comes_first(first: _Draft, second: _Draft) -> bool:
    """Whether the one has to come first. Of two that contradict each other, the one that is worse does."""
    if _makes_moot(first, second):
        return True
    return comes_first(first.effects, second.effects) and not contradiction(first.effects, second.effects)


def _makes_moot(cause: _Draft, other: _Draft) -> bool:
    if _by_hand(cause.finding.fix.actions):
        return False
    return other.code in cause.result.check.moots or makes_moot(cause.effects, other.effects)


def _by_hand(actions: tuple[AnyAction, ...]) -> bool:
    return all(isinstance(action, Manual) for action in actions)


def _composed(drafts: list[_Draft], cwd: str) -> Plan:
    """The drafts as items: each is applied, or gone by then, or held back."""
    applied: dict[int, _Draft] = {}
    items: list[Item] = []
    taken = Taken(cwd)
    for draft in drafts:
        whole = draft.finding.fix.actions
        actions = taken.left_of(whole)
        cause = next((place for place, one in applied.items() if _makes_moot(one, draft)), None)
        held = None
        if _by_hand(actions or whole):
            held = BY_HAND
        elif cause is not None or not actions:
            place = taken.taker(whole) if cause is None else cause
            codes = dict.fromkeys((*items[place].then_gone, draft.code))
            items[place] = msgspec.structs.replace(items[place], then_gone=tuple(codes))
            continue
        else:
            held = _contradicted(applied.values(), effects_of(actions, cwd))
        if held is None:
            taken.take(len(items), whole)
            applied[len(items)] = draft
        again = held is None and changes_python(draft.effects)
        items.append(Item(draft.result, draft.finding, actions or whole, examine_again=again, held_back=held))
    return Plan(tuple(items))


def _contradicted(applied: Iterable[_Draft], effects: tuple[Effect, ...]) -> str | None:
    """Which fix that is applied says the opposite."""
    clashes = ((one.code, contradiction(one.effects, effects)) for one in applied)
    return next((f"{code} {clash}" for code, clash in clashes if clash), None)
