"""Every fix that the checks' own tests show, with every other: carried out in the order of the plan, both hold."""

from __future__ import annotations

from itertools import combinations

import pytest

from envdoctor import Fix, Manual
from envdoctor.engine.registry import Registry
from tests.plan.world import BEFORE, World, elements, planned, result, sick_fixes, steps


def test_the_recorded_fixes_are_of_every_check() -> None:
    """`pytest tests/checks --rewrite-golden` records them."""
    codes = {check.code for check in Registry.load(third_party=False).checks}
    assert {code for code, _ in sick_fixes()} == codes


def test_what_a_check_says_that_it_makes_moot_is_gone_in_the_plan() -> None:
    checks = {check.code: check for check in Registry.load(third_party=False).checks}
    pairs = [(one, other) for one in sick_fixes() for other in sick_fixes() if other[0] in checks[one[0]].moots]
    assert {(one[0], other[0]) for one, other in pairs} == {("PYE001", "PIP006"), ("PYE002", "PIP006")}
    for (code, fix), (moot, other) in pairs:
        items = planned(result(code, fix, moots=(moot,)), result(moot, other)).items
        by_hand = all(isinstance(action, Manual) for action in fix.actions)
        assert [item.code for item in items if item.then_gone == (moot,)] == ([] if by_hand else [code]), fix


def broken_by(first: tuple[str, Fix], second: tuple[str, Fix]) -> list[str]:
    """What of each fix does not hold once the plan of both has been carried out."""
    plan = planned(*(result(code, fix) for code, fix in (first, second)))
    world = World()
    for _, actions in steps(plan):
        world.does(actions)
    lost = [one for item in plan.items if item.held_back is None for one in lost_of(item.fix, world)]
    told = {item.code for item in plan.items} | {code for item in plan.items for code in item.then_gone}
    return [*world.faults, *lost, *(f"{code} is nowhere" for code in {first[0], second[0]} - told)]


def lost_of(fix: Fix, together: World) -> list[str]:
    """The variables that a fix has set, and that hold something else in the end; what it took out and is back."""
    alone = World()
    alone.does(fix.actions)
    return [
        f"{name} is {together.variables[name]}, not {wanted}"
        for name, wanted in alone.variables.items()
        if not is_kept(name, wanted, alone, together)
    ]


def is_kept(name: str, wanted: str, alone: World, together: World) -> bool:
    """Whether a variable holds in the end what a fix alone would have made of it, or has it among more elements.

    Another environment may be entered than the one that was left, and a list that was unset may get new elements.
    """
    value = together.variables[name]
    if not wanted:
        return name == "VIRTUAL_ENV" or set(elements(value)) <= together.put
    had, has = set(elements(wanted)), set(elements(value))
    if name in alone.copies:
        had = set(elements(together.variables.get(alone.copies[name], wanted)))
    return had - BEFORE <= has and not (BEFORE - had) & has


@pytest.mark.thorough
def test_no_pair_of_fixes_undoes_one_another() -> None:
    """Fixes that change no variable and make no environment of the other have nothing to undo."""
    distinct = {(code, fix.actions): (code, fix) for code, fix in sick_fixes()}
    touched = {one: frozenset(touched_by(fix)) for one, (_, fix) in distinct.items()}
    pairs = [
        (one, other) for one, other in combinations(distinct, 2) if one[0] != other[0] and touched[one] & touched[other]
    ]
    assert len(pairs) > 3000
    wrong = {
        (one[0], other[0]): faults for one, other in pairs if (faults := broken_by(distinct[one], distinct[other]))
    }
    assert wrong == {}


def touched_by(fix: Fix) -> set[str]:
    world = World()
    world.does(fix.actions)
    return {*world.variables, *world.made}
