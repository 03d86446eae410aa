"""What is done first, what is gone then, what contradicts what? A pure function over a report: a replay plans the same.

A plan says in which order fixes compose. Whether one is applied, is asked for or is left to the reader is for the
commands to decide, by the safety and the scope of its fix.
"""

from __future__ import annotations

import msgspec

from envdoctor.engine.finding import Finding
from envdoctor.engine.fix import AnyAction, Fix, Manual, Run
from envdoctor.engine.judge import Result
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.session.context import Examined
from envdoctor.plan.changes import Changes
from envdoctor.plan.composition import changes_python, comes_first, makes_moot, sets_variables, without_packages
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


class _Kind(msgspec.Struct, frozen=True):
    """What of a fix decides how it goes together with others; the fixes of many findings are of one kind.

    Attributes:
        effects: what it changes, without the packages: what is installed is told of the environment, too.
        code: the code of its check, if a fix of this report makes that moot.
        moots: what the check says that it makes moot; nothing if the fix is by hand.
        runs: whether it runs a command.
        stops: whether there are commands that fail until it is fixed.
    """

    effects: tuple[Effect, ...]
    code: str | None
    moots: tuple[str, ...]
    runs: bool
    stops: bool


class _Draft(msgspec.Struct, frozen=True, eq=False):
    """A finding, and what its fix changes."""

    result: Result
    finding: Finding
    effects: tuple[Effect, ...]
    kind: _Kind

    @property
    def code(self) -> str:
        return self.result.check.code


def plan_of(report: Report) -> Plan:
    """The plan for these findings. Nothing but the report is looked at."""
    examined = report.known.get(Examined)
    cwd = (examined.cwd if isinstance(examined, Examined) else None) or "/"
    moot = {code for result, _ in report.findings for code in result.check.moots}
    drafts = [_draft(result, finding, cwd, moot) for result, finding in report.findings]
    python = report.known.get(ActivePython)
    active = python.interpreter.prefix if isinstance(python, ActivePython) else None
    return _composed(ordered(drafts, lambda draft: draft.kind, _comes_first), cwd, active)


def _draft(result: Result, finding: Finding, cwd: str, moot: set[str]) -> _Draft:
    effects = effects_of(finding.fix.actions, cwd)
    code = result.check.code if result.check.code in moot else None
    moots = () if _by_hand(finding.fix.actions) else result.check.moots
    runs = any(isinstance(action, Run) for action in finding.fix.actions)
    return _Draft(result, finding, effects, _Kind(without_packages(effects), code, moots, runs, bool(finding.stops)))


def _comes_first(first: _Kind, second: _Kind) -> bool:
    """Whether the one has to come first. Of two that contradict each other, the one that is worse does."""
    if _makes_moot(first, second):
        return True
    # a command is stopped by a variable that is wrong
    sets_up = second.runs and (first.stops or sets_variables(first.effects))
    builds = sets_up or comes_first(first.effects, second.effects)
    return builds and not Changes(("", first.effects)).contradiction(second.effects)


def _makes_moot(cause: _Kind, other: _Kind) -> bool:
    return other.code in cause.moots or makes_moot(cause.effects, other.effects)


def _by_hand(actions: tuple[AnyAction, ...]) -> bool:
    return all(isinstance(action, Manual) for action in actions)


def _composed(drafts: list[_Draft], cwd: str, active: str | None) -> Plan:
    """The drafts as items: each is applied, or gone by then, or held back."""
    applied: dict[_Kind, int] = {}
    items: list[Item] = []
    taken, changes = Taken(cwd), Changes(active=active)
    for draft in drafts:
        whole = draft.finding.fix.actions
        actions = taken.left_of(whole)
        cause = next((place for kind, place in applied.items() if _makes_moot(kind, draft.kind)), None)
        if cause is None and whole and not actions:
            cause = taken.taker(whole)
        if cause is not None:
            codes = dict.fromkeys((*items[cause].then_gone, draft.code))
            items[cause] = msgspec.structs.replace(items[cause], then_gone=tuple(codes))
            continue
        held = BY_HAND if _by_hand(actions) else changes.contradiction(effects_of(actions, cwd))
        if held is None:
            taken.take(len(items), whole)
            changes.add(draft.code, draft.effects)
            applied.setdefault(draft.kind, len(items))
        again = held is None and changes_python(draft.effects)
        items.append(Item(draft.result, draft.finding, actions, examine_again=again, held_back=held))
    return Plan(tuple(items))
