from __future__ import annotations

from envdoctor.plan.composition import changes_python, comes_first, makes_moot, sets_variables, without_packages
from envdoctor.plan.effect import ACTIVE, Effect, Verb

MAKE = (Effect(Verb.CLEAR, "/e"), Effect(Verb.MAKE, "/e"))
FILL = (Effect(Verb.FILL, "/e"),)
REPAIR = (Effect(Verb.REPAIR, "/e/lib"),)


def test_an_environment_is_made_before_it_is_filled_entered_or_repaired() -> None:
    for later in (FILL, REPAIR, (Effect(Verb.ENTER, "/e", "venv"),)):
        assert (comes_first(MAKE, later), comes_first(later, MAKE)) == (True, False)
    assert not comes_first(MAKE, (Effect(Verb.FILL, "/f"),))


def test_a_setting_in_an_environment_is_none_for_making_it() -> None:
    inside, outside = (Effect(Verb.ADD, "/e/pip.conf", "a"),), (Effect(Verb.ADD, "/f/pip.conf", "a"),)
    assert (comes_first(inside, MAKE), comes_first(outside, MAKE)) == (False, True)


def test_a_new_environment_makes_repairs_of_the_old_moot_and_no_installs() -> None:
    assert (makes_moot(MAKE, REPAIR), makes_moot(MAKE, FILL), makes_moot(REPAIR, FILL)) == (True, False, False)
    assert not makes_moot(MAKE, (*REPAIR, Effect(Verb.SET, "X", "1")))
    assert not makes_moot(MAKE, ())


def test_an_environment_that_is_left_makes_moot_what_is_done_to_it_unless_it_is_made_again() -> None:
    leave = (Effect(Verb.LEAVE, ACTIVE, "venv"), Effect(Verb.LEAVE, "/e"))
    assert makes_moot(leave, FILL)
    assert not makes_moot((*leave, Effect(Verb.MAKE, "/e")), FILL)
    assert not makes_moot((Effect(Verb.LEAVE, ACTIVE, "venv"),), (Effect(Verb.FILL, ACTIVE),))


def test_another_python_is_there_where_an_environment_or_a_version_or_the_search_path_changes() -> None:
    assert all(
        map(changes_python, (MAKE, (Effect(Verb.PUT, "PATH", "/d"),), (Effect(Verb.SET, "/p/.python-version", "3"),)))
    )
    assert not any(map(changes_python, (FILL, REPAIR, (Effect(Verb.PUT, "X", "/d"),), (Effect(Verb.SET, "X", "3"),))))


def test_a_package_is_told_of_by_its_environment() -> None:
    assert without_packages((*FILL, Effect(Verb.INSTALL, "/e a"), Effect(Verb.UNINSTALL, "/e b"))) == FILL


def test_a_fix_that_switches_environments_sets_no_variable_for_commands() -> None:
    assert sets_variables((Effect(Verb.UNSET, "UV_OFFLINE"), Effect(Verb.TAKE, "/home/ada/.bashrc", "x")))
    assert not sets_variables((Effect(Verb.UNSET, "VIRTUAL_ENV"), Effect(Verb.LEAVE, ACTIVE, "venv")))
    assert not sets_variables(
        (Effect(Verb.SET, "pip's global.timeout", "1"), Effect(Verb.SET, "/p/.python-version", "3"))
    )
