"""A file that was moved aside, disabled, or kept before a tool writes it, is brought back exactly as it was."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from envdoctor import Fix, Run, Safety
from envdoctor_checks.common.moves import aside, disabled, kept, moved_back, put_back, put_over
from tests.builders import make_hit


def test_the_last_move_is_taken_back_first() -> None:
    moves = (Run("mv", "-n", "/a", "/b"), Run("sudo", "mv", "/c", "/a"))
    assert moved_back(*moves) == (Run("sudo", "mv", "/a", "/c"), Run("mv", "-n", "/b", "/a"))
    assert moved_back() == ()


def test_what_is_put_aside_overwrites_nothing() -> None:
    assert aside("/a") == Run("mv", "-n", "--", "/a", "/a.old")
    assert aside("/a", ".stray") == Run("mv", "-n", "--", "/a", "/a.stray")
    assert put_over(aside("/a")) == (Run("rm", "-f", "--", "/a"), Run("mv", "-n", "--", "/a.old", "/a"))


def test_no_check_moves_or_copies_over_what_is_there() -> None:
    """Only here is it decided how: in all other modules `mv` and `cp` have `-n`."""
    sources = (Path(__file__).parents[3] / "checks/envdoctor_checks").rglob("*.py")
    calls = {
        (file.name, call)
        for file in sources
        for call in re.findall(r"""["'](?:mv|cp)["'],[^)]*""", file.read_text("utf-8"))
        if '"-n"' not in call
    }
    assert {name for name, _ in calls} == {"moves.py"}
    assert len(calls) == 1  # what writes a copy back


def test_a_file_is_copied_before_it_is_written_and_its_copy_does_not_stay() -> None:
    assert kept("/a") == Run("cp", "-n", "-p", "--", "/a", "/a.before-envdoctor")
    back = Run("cp", "-p", "--", "/a.before-envdoctor", "/a")
    assert put_back("/a") == (back, Run("rm", "--", "/a.before-envdoctor"))


@pytest.mark.parametrize(("mode", "given_back"), [(0o750, "0750"), (0o4711, "4711"), (0o500, "0500")])
def test_the_undo_names_the_mode(mode: int, given_back: str) -> None:
    fix = disabled(make_hit("pip", "/a b/pip", mode=mode), "Disable it")
    off, on = Run("chmod", "a-x", "/a b/pip"), Run("chmod", given_back, "/a b/pip")
    assert fix == Fix("Disable it", off, safety=Safety.CHANGES_STATE, undo=(on,))


def test_what_an_old_recording_does_not_know_is_not_made_up() -> None:
    assert disabled(make_hit("pip", "/a/pip"), "Disable it").undo == ()
