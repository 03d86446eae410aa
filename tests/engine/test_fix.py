from __future__ import annotations

import pytest

from envdoctor import (
    EditFile,
    Fix,
    Manual,
    Run,
    Safety,
    Scope,
    SetVariable,
    UnsetVariable,
)


def test_the_scope_follows_from_the_steps_unless_it_is_said() -> None:
    assert Fix("", SetVariable("A", "1"), UnsetVariable("B")).scope is Scope.SESSION
    assert Fix("", SetVariable("A", "1"), Run("true")).scope is Scope.LASTING
    assert Fix("", EditFile("/f")).scope is Fix("", Manual("x")).scope is Scope.LASTING
    assert Fix("", Run("hash", "-r"), scope=Scope.SESSION).scope is Scope.SESSION


def test_fixes_are_equal_by_what_they_say_and_cannot_be_changed() -> None:
    fix = Fix("Do it", Run("a", "b", variables=(("X", "1"),)), safety=Safety.CHANGES_STATE, undo=(Run("b", "a"),))
    same = Fix("Do it", Run("a", "b", variables=(("X", "1"),)), safety=Safety.CHANGES_STATE, undo=(Run("b", "a"),))
    assert fix == same
    assert len({fix, same}) == 1
    assert fix != Fix("Do it", Run("a", "b"))
    assert Run("a") != SetVariable("a", "")
    assert "Run(('a', 'b')" in repr(fix)
    with pytest.raises(AttributeError, match="Fix is frozen"):
        fix.summary = "Do something else"
