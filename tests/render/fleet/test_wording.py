from __future__ import annotations

from msgspec.structs import replace

from envdoctor.fleet.answer import Also, Group, Trait
from envdoctor.render.fleet import wording
from tests.render.fleet.world import EMPTY, FULL


def test_the_first_line_says_whose_session_these_reports_are_of() -> None:
    assert wording.examined(FULL) == (
        "Examined: ssh command (bash, login) on 14 machines, cron job (dash) on 1 machine. "
        "These are facts of machines and accounts, not of anybody's terminal."
    )
    typed = replace(FULL, sessions=(("session (bash, interactive)", 1),))
    assert wording.examined(typed) == "Examined: session (bash, interactive) on 1 machine."
    assert wording.examined(EMPTY) == "Examined: nothing. There is no report."


def test_the_headline_is_the_most_telling_difference() -> None:
    assert wording.headline(FULL) == (
        "LIB001 on 2 machines: Libc.version = 2.17, on 2 of these 2, on 1 of 13 without it"
    )
    assert wording.headline(replace(FULL, differences=())) == "3 of 15 machines have errors or warnings"
    assert wording.headline(EMPTY) == "No machine was examined."
    none = replace(EMPTY, left_out=3)
    assert wording.examined(none) == "Examined: nothing. No machine meets --where."
    assert wording.headline(none) == "No machine was examined. 3 machines left out."


def test_few_names_are_all_told_and_of_many_the_first() -> None:
    assert wording.names(("a", "b")) == "a, b"
    assert wording.names(tuple("abcdefghijk")) == "a, b, c, d, e, f, g, h and 3 more"
    assert wording.members(Group((), ("m1", "m2"), "m[1-2]")) == "m[1-2]"
    assert wording.members(Group((), ("m1", "m2"), "m" * 200)) == "m1, m2"
    assert wording.codes(Group((), ("a",))) == "nothing found"
    assert wording.alike(FULL.differences[0].traits[0]) == "so do Os.name and 4 more"


def test_values_that_tell_only_together_are_one_line() -> None:
    both = Trait("Mirror.url", "x", 2, 0, 1.0, also=Also("Python.series", "3.12"))
    assert wording.trait(both) == "Mirror.url = x and Python.series = 3.12"
