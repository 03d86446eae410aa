from __future__ import annotations

from envdoctor import Activate, Deactivate, PrependPath, RemoveFromPath, Run, UnsetVariable
from envdoctor.plan.sharing import Taken


def test_steps_are_left_from_the_first_that_nobody_has_taken() -> None:
    taken = Taken("/p")
    taken.take(0, (Run("a"), Run("c")))
    assert taken.left_of((Run("a"), Run("b"), Run("c"))) == (Run("b"), Run("c"))
    assert taken.left_of((Run("a"), Run("c"))) == ()


def test_the_fix_that_took_the_last_step_is_known() -> None:
    taken = Taken("/p")
    taken.take(3, (Run("a"),))
    taken.take(5, (Run("b"),))
    assert taken.taker((Run("a"), Run("b"))) == 5


def test_a_step_that_was_undone_does_not_count() -> None:
    taken = Taken("/p")
    taken.take(0, (UnsetVariable("X"), Deactivate()))
    taken.take(1, (PrependPath("/d", "X"), Activate("/e")))
    assert taken.left_of((UnsetVariable("X"),)) == (UnsetVariable("X"),)
    assert taken.left_of((Deactivate(),)) == (Deactivate(),)


def test_of_a_variable_that_is_gone_nothing_is_taken_out() -> None:
    taken = Taken("/p")
    taken.take(0, (UnsetVariable("X"),))
    assert taken.left_of((RemoveFromPath("/d", "X"),)) == ()
    assert taken.left_of((RemoveFromPath("/d", "Y"),)) != ()
