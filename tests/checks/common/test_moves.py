"""A file that was moved aside is brought back by the same command the other way round."""

from __future__ import annotations

from envdoctor import Run
from envdoctor_checks.common.moves import moved_back


def test_the_last_move_is_taken_back_first() -> None:
    moves = (Run("mv", "-n", "/a", "/b"), Run("sudo", "mv", "/c", "/a"))
    assert moved_back(*moves) == (Run("sudo", "mv", "/a", "/c"), Run("mv", "-n", "/b", "/a"))
    assert moved_back() == ()
