from __future__ import annotations

import time

import pytest

from envdoctor import (
    Activate,
    CopyVariable,
    Deactivate,
    EditFile,
    Fix,
    Manual,
    PrependPath,
    RemoveFromPath,
    Run,
    SetVariable,
    Severity,
    UnsetVariable,
)
from envdoctor.plan.plan import BY_HAND, plan_of
from tests import samples
from tests.builders import make_active_python
from tests.plan.world import held, planned, result, steps

VENV = "/home/ada/p/.venv"
OTHER = "/home/ada/other/.venv"
PYTHON = f"{VENV}/bin/python"
ADD_PIP = Run("uv", "pip", "install", "--python", PYTHON, "pip")
CLEAR = Run("uv", "venv", "--clear", "--python", "3.12", VENV)
LEAVE = (Deactivate(), RemoveFromPath(f"{VENV}/bin"))
RUNTIME = "/p/.venv/lib/ffmpeg-7"


def test_every_finding_has_its_item_or_is_gone_by_then_and_keeps_its_own_fix() -> None:
    report = samples.sample_report()
    items = plan_of(report).items
    assert [(item.result, item.finding) for item in items] == [report.findings[0], report.findings[1]]
    assert [item.then_gone for item in items] == [(), ("CCC001",)]
    assert all(item.fix is item.finding.fix and item.actions == item.fix.actions for item in items)


def test_a_fix_without_steps_is_done_by_hand() -> None:
    items = planned(result("PIP001", Fix("Add", ADD_PIP)), result("ZZZ001", Fix("Mend it"))).items
    assert {item.code: item.held_back for item in items} == {"PIP001": None, "ZZZ001": BY_HAND}


def test_what_stops_commands_comes_before_them() -> None:
    mend = EditFile("/home/ada/.config/uv/uv.toml", remove=("shiny = true",))
    plan = planned(result("PIP001", Fix("Add", ADD_PIP)), result("UV003", Fix("Mend", mend), stops=(("uv",),)))
    assert steps(plan) == [("UV003", (mend,)), ("PIP001", (ADD_PIP,))]


def test_a_pip_is_put_into_an_environment_after_that_was_made_again() -> None:
    plan = planned(result("PIP001", Fix("Add", ADD_PIP)), result("PRJ001", Fix("Recreate", CLEAR)))
    assert steps(plan) == [("PRJ001", (CLEAR,)), ("PIP001", (ADD_PIP,))]
    assert [item.examine_again for item in plan.items] == [True, False]


def test_what_is_installed_into_an_environment_that_is_left_is_gone_then() -> None:
    plan = planned(
        result("ENV007", Fix("Leave", *LEAVE), severity=Severity.WARNING), result("PIP001", Fix("Add", ADD_PIP))
    )
    assert steps(plan) == [("ENV007", LEAVE)]
    assert plan.items[0].then_gone == ("PIP001",)


def test_nothing_is_installed_into_the_environment_that_another_takes_the_place_of() -> None:
    enter = result("TRM001", Fix("Activate", Activate(OTHER)))
    plan = planned(
        enter, result("PRJ003", Fix("Install", ADD_PIP), severity=Severity.WARNING), make_active_python(VENV)
    )
    assert held(plan) == {"PRJ003": f"TRM001 activates {OTHER}, and this works in {VENV}"}
    assert [item.examine_again for item in plan.items] == [True, False]


@pytest.mark.parametrize("again", ["--reinstall", "--force-reinstall"])
def test_a_package_that_is_repaired_is_gone_with_the_environment_that_is_made_again(again: str) -> None:
    repair = Fix("Repair", Run(PYTHON, "-m", "pip", "install", again, "numpy"))
    [item] = planned(result("ENV002", Fix("Recreate", CLEAR)), result("PKG009", repair)).items
    assert (item.code, item.then_gone) == ("ENV002", ("PKG009",))


def test_what_lies_in_an_environment_of_conda_is_not_gone_when_base_is_left() -> None:
    repair = Fix("Repair", Run("conda", "install", "--prefix", "/opt/conda/envs/ml", "--force-reinstall", "python"))
    plan = planned(result("CND005", Fix("Leave", RemoveFromPath("/opt/conda/bin"))), result("CND006", repair))
    assert [item.code for item in plan.items] == ["CND005", "CND006"]


def test_a_variable_is_unset_before_something_is_put_into_it() -> None:
    links = (UnsetVariable("LD_LIBRARY_PATH"), Run("mkdir", "-p", RUNTIME), PrependPath(RUNTIME, "LD_LIBRARY_PATH"))
    plan = planned(
        result("LIB001", Fix("Narrow", *links)), result("LIB007", Fix("Unset", UnsetVariable("LD_LIBRARY_PATH")))
    )
    assert steps(plan) == [("LIB007", (UnsetVariable("LD_LIBRARY_PATH"),)), ("LIB001", links[1:])]


def test_a_variable_that_one_sets_and_another_unsets_is_said() -> None:
    plan = planned(
        result("LIB007", Fix("Unset", UnsetVariable("X")), severity=Severity.WARNING),
        result("LIB001", Fix("Set", SetVariable("X", "1"))),
    )
    assert steps(plan) == [("LIB001", (SetVariable("X", "1"),))]
    assert held(plan) == {"LIB007": "LIB001 sets X, and this unsets it"}


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (SetVariable("X", "1"), SetVariable("X", "2"), "A001 gives X another value"),
        (UnsetVariable("X"), CopyVariable("Y", "X"), "A001 unsets X, whose value this copies"),
        (PrependPath("/d"), RemoveFromPath("/d"), "A001 puts /d on PATH, and this takes it off"),
        (RemoveFromPath("/d"), PrependPath("/d"), "A001 takes /d off PATH, and this puts it there"),
        (EditFile("/f", add=("a",)), EditFile("/f", remove=("a",)), "A001 adds `a` to /f, and this takes it out"),
        (Activate("/e"), Activate("/g"), "A001 activates /e, and this /g"),
        (Activate("/e"), RemoveFromPath("/e/bin"), "A001 activates /e, and this leaves it"),
        (Run("uv", "venv", "/e"), Run("python3", "-m", "venv", "/e"), "A001 already creates /e"),
        (
            Run("/e/bin/python", "-m", "pip", "install", "a<2"),
            Run("uv", "pip", "install", "--python", "/e", "A>=2"),
            "A001 installs another version of a in /e",
        ),
        (
            Run("/e/bin/python", "-m", "pip", "uninstall", "--yes", "a"),
            Run("/e/bin/python", "-m", "pip", "install", "a"),
            "A001 uninstalls a in /e, and this installs it",
        ),
        (
            Run("tmux", "set-environment", "-gu", "X"),
            Run("tmux", "set-environment", "-g", "X", "1"),
            "A001 unsets tmux's X, and this sets it",
        ),
    ],
)
def test_contradictions_are_said_and_not_applied(first: Run, second: Run, said: str) -> None:
    plan = planned(result("A001", Fix("One", first)), result("A002", Fix("Other", second)))
    assert held(plan) == {"A002": said}


def test_a_step_that_several_share_is_taken_once() -> None:
    make = Run("uv", "venv", VENV)
    plan = planned(result("A001", Fix("Make", make)), result("A002", Fix("Make and enter", make, Activate(VENV))))
    assert steps(plan) == [("A001", (make,)), ("A002", (Activate(VENV),))]


def test_who_shares_every_step_is_gone_then() -> None:
    unset = Fix("Unset", UnsetVariable("LD_LIBRARY_PATH"))
    element = Fix("Take out", RemoveFromPath("/opt/lib", "LD_LIBRARY_PATH", semicolons=True))
    [item] = planned(result("LIB003", unset), result("LIB004", unset), result("LIB006", element)).items
    assert (item.code, item.then_gone) == ("LIB003", ("LIB004", "LIB006"))


def test_a_step_behind_another_is_taken_again_because_it_may_build_on_that() -> None:
    renew = Run("pyenv", "rehash")
    plan = planned(result("A001", Fix("a", Run("a"), renew)), result("A002", Fix("b", Run("b"), renew)))
    assert steps(plan) == [("A001", (Run("a"), renew)), ("A002", (Run("b"), renew))]


def test_a_check_can_say_what_its_fix_makes_moot() -> None:
    plan = planned(
        result("A001", Fix("a", Run("a"))),
        result("B001", Fix("b", Run("b")), severity=Severity.WARNING, moots=("A001",)),
    )
    assert [(item.code, item.then_gone) for item in plan.items] == [("B001", ("A001",))]


def test_what_is_done_by_hand_keeps_its_place_and_makes_nothing_moot() -> None:
    advice = Fix("Read", Manual("Read this"))
    plan = planned(result("A001", advice, moots=("A002",)), result("A002", Fix("b", Run("b"))))
    assert [(item.code, item.held_back) for item in plan.items] == [("A001", BY_HAND), ("A002", None)]


def test_what_is_left_by_hand_of_a_fix_is_told_alone() -> None:
    advice = Manual("Move the line")
    plan = planned(result("A001", Fix("a", Activate(VENV))), result("A002", Fix("b", Activate(VENV), advice)))
    assert steps(plan) == [("A001", (Activate(VENV),))]
    assert [(item.code, item.actions) for item in plan.items if item.held_back] == [("A002", (advice,))]


def test_settings_come_before_what_is_installed_with_them() -> None:
    plan = planned(result("PKG001", Fix("Install", ADD_PIP)), result("PIP007", Fix("Unset", UnsetVariable("PIP_USER"))))
    assert [code for code, _ in steps(plan)] == ["PIP007", "PKG001"]


def test_an_environment_is_left_before_another_is_entered() -> None:
    enter = (Activate(VENV),)
    plan = planned(
        result("A001", Fix("Enter", *enter)), result("A002", Fix("Leave", Deactivate(), RemoveFromPath(f"{OTHER}/bin")))
    )
    assert [code for code, _ in steps(plan)] == ["A002", "A001"]


def test_errors_come_before_warnings_where_nothing_else_is_known() -> None:
    plan = planned(result("A001", Fix("a", Run("a")), severity=Severity.WARNING), result("B001", Fix("b", Run("b"))))
    assert [item.code for item in plan.items] == ["B001", "A001"]


@pytest.mark.parametrize(
    ("action", "again"),
    [
        (Activate(VENV), True),
        (Deactivate(), True),
        (Run("uv", "venv", VENV), True),
        (Run("mv", "--", "random.py", "my_random.py"), False),
        (PrependPath("/opt/bin"), True),
        (Run("pyenv", "local", "3.12"), True),
        (UnsetVariable("PYTHONPATH"), False),
        (PrependPath("/opt/lib", "LD_LIBRARY_PATH"), False),
        (ADD_PIP, False),
    ],
)
def test_another_python_asks_for_another_examination(action: Run, again: bool) -> None:
    assert planned(result("A001", Fix("a", action))).items[0].examine_again is again


def cost(count: int) -> float:
    """The CPU seconds of a plan for so many findings of one check."""
    fixes = [Fix("Install", Run("uv", "pip", "install", "--python", PYTHON, f"p{place}")) for place in range(count)]
    found = result("PKG001", *fixes)
    begin = time.process_time()
    planned(found)
    return time.process_time() - begin


@pytest.mark.thorough
def test_many_findings_of_one_kind_cost_no_more_than_their_number() -> None:
    assert min(cost(1600) for _ in range(3)) < 9 * min(cost(400) for _ in range(3))


def test_a_variable_that_stops_a_command_is_unset_before_it_is_run() -> None:
    pins = result("PRJ002", Fix("Pin", Run("uv", "python", "pin", "3.12")))
    stops = result("UV003", Fix("Unset", UnsetVariable("UV_OFFLINE")), severity=Severity.WARNING)
    assert [code for code, _ in steps(planned(pins, stops))] == ["UV003", "PRJ002"]


def test_an_environment_that_is_left_is_no_such_variable() -> None:
    pins = result("PRJ002", Fix("Pin", Run("uv", "python", "pin", "3.12")))
    stale = result("ENV001", Fix("Leave", UnsetVariable("VIRTUAL_ENV")), severity=Severity.WARNING)
    assert [code for code, _ in steps(planned(pins, stale))] == ["PRJ002", "ENV001"]
