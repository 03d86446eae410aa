from __future__ import annotations

import pytest

from envdoctor import (
    Deactivate,
    Fix,
    Manual,
    PrependPath,
    RemoveFromPath,
    Run,
    Safety,
    Scope,
    SetVariable,
    UnsetVariable,
)
from envdoctor.engine.judge import Result
from envdoctor.engine.reference import Facts
from envdoctor.plan.session import SessionPlan, session_plan, steps_of
from envdoctor.report.report import Report
from tests.plan.world import result

UNSET = UnsetVariable("X")


def planned(*results: Result, data: bool = False) -> SessionPlan:
    report = Report("2026-01-02T03:04:05Z", results, Facts({}))
    return session_plan(report, lambda step: not (data and isinstance(step, Run)))


@pytest.mark.parametrize(
    ("fix", "fixed"),
    [
        (Fix("a", UNSET), True),
        (Fix("a", UNSET, Manual("and later this"), scope=Scope.SESSION), True),
        (Fix("a", Run("tmux", "set-environment", "-gu", "X"), UNSET, scope=Scope.SESSION), True),
        (Fix("a", Manual("first this"), UNSET, scope=Scope.SESSION), False),
        (Fix("a", Manual("only this"), scope=Scope.SESSION), False),
        (Fix("a", UNSET, Manual("Fill in what is masked here, then run: x"), scope=Scope.SESSION), False),
        (Fix("a", UNSET, safety=Safety.CHANGES_STATE), False),
        (Fix("a", UNSET, safety=Safety.DESTRUCTIVE), False),
        (Fix("a", Run("a")), False),
        (Fix("a", UNSET, Run("a")), False),
    ],
)
def test_only_what_is_safe_and_of_this_shell_alone_is_fixed(fix: Fix, fixed: bool) -> None:
    plan = planned(result("A001", fix))
    assert (bool(plan.items), bool(plan.rest)) == (fixed, not fixed)


def test_a_shell_that_takes_data_runs_nothing() -> None:
    fix = Fix("a", Run("tmux"), UNSET, scope=Scope.SESSION)
    assert [item.code for item in planned(result("A001", fix)).items] == ["A001"]
    assert planned(result("A001", fix), data=True).items == ()


def test_what_is_not_fixed_makes_nothing_moot_and_contradicts_nothing() -> None:
    lasting = Fix("a", Run("a"), SetVariable("X", "1"))
    plan = planned(result("A001", lasting, moots=("B001",)), result("B001", Fix("b", UNSET)))
    assert [item.code for item in plan.items] == ["B001"]
    assert [each.check.code for each, _ in plan.rest] == ["A001"]


def test_of_two_that_contradict_each_other_one_is_left() -> None:
    plan = planned(result("A001", Fix("a", SetVariable("X", "1"))), result("B001", Fix("b", UNSET)))
    assert ([item.code for item in plan.items], [each.check.code for each, _ in plan.rest]) == (["A001"], ["B001"])


def test_what_is_gone_then_is_not_left() -> None:
    plan = planned(result("A001", Fix("a", UNSET)), result("B001", Fix("b", UNSET)))
    assert (plan.items[0].then_gone, plan.rest) == (("B001",), ())


def test_what_remains_by_hand_is_told_with_its_code() -> None:
    assert planned(result("A001", Fix("a", UNSET, Manual("Move it"), scope=Scope.SESSION))).by_hand == (
        ("A001", "Move it"),
    )


def test_steps_can_be_taken_twice() -> None:
    [item] = planned(
        result("A001", Fix("a", Deactivate(), PrependPath("/d"), Manual("Move it"), scope=Scope.SESSION))
    ).items
    assert steps_of(item) == (Deactivate(), RemoveFromPath("/d"), PrependPath("/d"))
