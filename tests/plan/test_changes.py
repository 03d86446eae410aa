from __future__ import annotations

from envdoctor.plan.changes import Changes
from envdoctor.plan.effect import ACTIVE, Effect, Verb


def test_to_leave_one_environment_contradicts_to_enter_it_and_only_the_later_the_earlier() -> None:
    enter, leave = (Effect(Verb.ENTER, "/e", "venv"),), (Effect(Verb.LEAVE, ACTIVE, "venv"),)
    assert Changes(("A001", enter)).contradiction(leave) == "A001 activates /e, and this leaves it"
    assert Changes(("A001", leave)).contradiction(enter) is None
    assert Changes(("A001", enter)).contradiction((Effect(Verb.LEAVE, ACTIVE, "conda"),)) is None


def test_what_is_done_to_the_environment_that_another_takes_the_place_of() -> None:
    changes = Changes(("A001", (Effect(Verb.ENTER, "/e"),)), active="/old")
    assert changes.contradiction((Effect(Verb.FILL, "/old"),)) == "A001 activates /e, and this works in /old"
    assert changes.contradiction((Effect(Verb.REPAIR, "/old"),)) == "A001 activates /e, and this works in /old"
    assert changes.contradiction((Effect(Verb.FILL, "/e"),)) is None
    assert changes.contradiction((Effect(Verb.REPAIR, "/old/file"),)) is None
    again = Changes(("A001", (Effect(Verb.ENTER, "/old"),)), active="/old")
    assert again.contradiction((Effect(Verb.FILL, "/old"),)) is None


def test_the_fix_that_says_the_opposite_is_named() -> None:
    changes = Changes(("A001", (Effect(Verb.SET, "X", "1"),)), ("A002", (Effect(Verb.SET, "Y", "1"),)))
    assert changes.contradiction((Effect(Verb.UNSET, "Y"),)) == "A002 sets Y, and this unsets it"
    assert changes.contradiction((Effect(Verb.SET, "Y", "1"),)) is None
    assert changes.contradiction((Effect(Verb.UNSET, "Z"),)) is None


def test_two_versions_of_a_package_contradict_each_other_only_where_both_are_named() -> None:
    changes = Changes(("A001", (Effect(Verb.INSTALL, "/e numpy", "<2"),)))
    assert changes.contradiction((Effect(Verb.INSTALL, "/e numpy", ">=2"),)) == (
        "A001 installs another version of numpy in /e"
    )
    assert changes.contradiction((Effect(Verb.INSTALL, "/e numpy"),)) is None
