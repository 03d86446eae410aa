"""Which fixes are applied."""

from __future__ import annotations

import pytest

from envdoctor import EditFile, Fix, Manual, Run, Safety, Severity, UnsetVariable
from envdoctor.apply.eligibility import Kind, kind_of
from envdoctor.engine.fix import AnyAction, Scope
from tests.plan.world import planned, result

EDIT = EditFile("/home/ada/.bashrc", remove=("X=1",))
PIP = Run("uv", "pip", "install", "pip")


@pytest.mark.parametrize(
    ("steps", "kind", "told"),
    [
        ((EDIT,), Kind.APPLIED, ""),
        ((PIP, UnsetVariable("X")), Kind.APPLIED, ""),
        ((UnsetVariable("X"),), Kind.IN_SHELL, "Fix"),
        ((Manual("Ask"),), Kind.BY_HAND, "Ask"),
        ((), Kind.BY_HAND, "Fix"),
        ((EDIT, Manual("Then ask")), Kind.BY_HAND, "Then ask"),
        ((Run("sudo", "ldconfig"),), Kind.BY_HAND, "it needs the rights of root; `envdoctor fix` prints it"),
    ],
)
def test_what_lasts_is_applied(steps: tuple[AnyAction, ...], kind: Kind, told: str) -> None:
    [item] = planned(result("A001", Fix("Fix", *steps))).items
    assert kind_of(item) == (kind, told)


def test_a_command_of_the_shell_alone_is_not_applied() -> None:
    [item] = planned(result("A001", Fix("Forget", Run("hash", "-r"), scope=Scope.SESSION))).items
    assert kind_of(item) == (Kind.IN_SHELL, "Forget")


def test_what_has_to_be_done_by_hand_for_two_fixes_keeps_both_from_being_applied() -> None:
    first = Manual("First correct pyproject.toml (PRJ008)")
    fixes = (Fix("Install", first, PIP), Fix("Lock", first, Run("uv", "lock")))
    items = planned(*(result(code, fix) for code, fix in zip(("A001", "B001"), fixes, strict=True))).items
    assert [kind_of(item) for item in items] == [(Kind.BY_HAND, first.text)] * 2


def test_what_contradicts_another_fix_is_not_applied() -> None:
    one, other = Run("conda", "config", "--set", "a", "1"), Run("conda", "config", "--set", "a", "2")
    _, held = planned(result("A001", Fix("One", one)), result("B001", Fix("Other", other))).items
    assert kind_of(held) == (Kind.BY_HAND, held.held_back)


def test_advice_is_applied_only_if_it_was_asked_for() -> None:
    fix = Fix("Make one", PIP, safety=Safety.CHANGES_STATE)
    [item] = planned(result("A001", fix, severity=Severity.INFO)).items
    assert kind_of(item) == (Kind.APPLIED, "")
    assert kind_of(item, advice=False) == (Kind.ADVICE, "Make one")
    [item] = planned(result("A001", fix, severity=Severity.WARNING)).items
    assert kind_of(item, advice=False) == (Kind.APPLIED, "")
