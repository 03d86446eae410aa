"""What a person has to do before commands work."""

from __future__ import annotations

import pytest

from envdoctor import Finding, Fix, Manual, Run, Safety, UnsetVariable
from envdoctor.engine.fix import AnyAction
from envdoctor.engine.prerequisites import behind, stoppers

SYNC = Run("uv", "sync", "--inexact", directory="/p")
BY_HAND = Fix("Correct pyproject.toml", Manual("Open /p/pyproject.toml, and correct it"))
REFUSED = Finding("uv refuses it", BY_HAND, stops=(("uv", "sync"), ("pip", "install", "-r"), ("conda",)))
FIRST = Manual("First correct pyproject.toml (A001)")


@pytest.mark.parametrize(
    ("command", "waits"),
    [
        (SYNC, True),
        (Run("/home/ada/.local/bin/uv", "--quiet", "sync"), True),
        (Run("/p/.venv/bin/python", "-m", "pip", "install", "-r", "/p/requirements.txt"), True),
        (Run("uv", "pip", "install", "--python", "/p/.venv/bin/python", "-r", "r.txt"), False),  # which is uv's own
        (Run("rm", "/c/bin/conda"), False),
        (Run("/c/bin/conda", "install", "a"), True),
        (Run("uv", "pip", "install", "--python", "/p/.venv/bin/python", "a"), False),
        (Run("uv", "venv"), False),
        (Run("pdm", "sync"), False),
        (UnsetVariable("UV"), False),
    ],
)
def test_what_a_person_has_to_do_comes_before_the_commands_that_are_stopped(command: AnyAction, waits: bool) -> None:
    fix = Fix("Install", command, Manual("Look"), safety=Safety.CHANGES_STATE, undo=(UnsetVariable("X"),))
    waiting = behind(stoppers([("A001", REFUSED)]), Finding("it lacks a", fix)).fix
    first = (FIRST,) if waits else ()
    assert waiting == Fix(fix.summary, *first, *fix.actions, safety=fix.safety, scope=fix.scope, undo=fix.undo)


def test_a_command_that_is_stopped_twice_for_one_reason_is_told_once_and_for_two_reasons_each() -> None:
    other = Finding("another uv", Fix("Install the uv that is asked for", Manual("Install it")), stops=(("uv",),))
    found = [("A001", REFUSED), ("A001", Finding("in another line", BY_HAND, stops=(("uv",),))), ("B001", other)]
    actions = behind(stoppers(found), Finding("it lacks a", Fix("Install", SYNC))).fix.actions
    assert actions == (FIRST, Manual("First install the uv that is asked for (B001)"), SYNC)


def test_a_finding_does_not_wait_for_itself() -> None:
    lock = Finding("the lock is older", Fix("Lock again", Manual("Look"), SYNC), stops=(("uv",),))
    assert behind(stoppers([("A001", lock)]), lock) is lock


@pytest.mark.parametrize(
    ("actions", "by_hand"),
    [
        ((Manual("Look"),), True),
        ((Run("sudo", "chown", "-hR", "1000", "/home/ada/.cache/uv"),), True),
        ((UnsetVariable("UV_OFFLINE"), Run("uv", "lock")), False),
    ],
)
def test_what_a_person_has_to_do_is_a_step_and_what_commands_do_is_named(
    actions: tuple[AnyAction, ...], by_hand: bool
) -> None:
    stopping = stoppers([("A001", Finding("a", Fix("Mend it", *actions), stops=(("uv",),)))])
    fix = behind(stopping, Finding("b", Fix("Install", SYNC))).fix
    assert fix == (
        Fix("Install", Manual("First mend it (A001)"), SYNC) if by_hand else Fix("Install (after A001)", SYNC)
    )


def test_each_code_is_named_once_and_what_stops_nothing_is_not() -> None:
    unset, again = (Finding(text, Fix("Unset", UnsetVariable("X")), stops=(("uv",),)) for text in ("a", "b"))
    stopping = stoppers([("A001", unset), ("A001", again), ("B001", unset), ("C001", Finding("c", BY_HAND))])
    assert behind(stopping, Finding("d", Fix("Install", SYNC))).fix.summary == "Install (after A001 and B001)"


def test_nothing_of_a_plugin_that_is_empty_is_too_little() -> None:
    empty = Finding("a", Fix("Look", Manual("Look")), stops=((),))
    for command in (Run(), Run("python", "-m"), SYNC):
        fix = Fix("Install", command)
        assert behind(stoppers([("A001", empty), ("A001", REFUSED)]), Finding("b", fix)).fix.actions[-1] == command
    assert behind(stoppers([("A001", empty)]), Finding("b", Fix("Install", SYNC))).fix.actions == (SYNC,)
