from __future__ import annotations

import msgspec
import pytest

from envdoctor import (
    Activate,
    Deactivate,
    Fix,
    Manual,
    RemoveFromPath,
    Run,
    Safety,
    SetVariable,
    Severity,
    UnsetVariable,
)
from envdoctor.engine.reference import Facts
from envdoctor.plan.plan import plan_of
from envdoctor.render import script
from envdoctor.report.report import Recorded, Report
from envdoctor.shells.dialects import Shell, commands
from tests.plan.world import result

ENV = "/p/.venv"
LEAVE = Fix("Deactivate the environment", Deactivate(), RemoveFromPath(f"{ENV}/bin"))
PIP = Fix("Add pip", Run(f"{ENV}/bin/python", "-m", "ensurepip"), safety=Safety.CHANGES_STATE)
REPORT = Report(
    "2026-01-02T03:04:05Z",
    (
        result("A001", LEAVE),
        result("B001", PIP),
        result("C001", Fix("Set `x`", SetVariable("X", "1")), severity=Severity.WARNING),
        result("D001", Fix("Unset X", UnsetVariable("X")), severity=Severity.INFO),
        result("E001", Fix("Delete the files", Run("rm", "-rf", "--", "/x"), safety=Safety.DESTRUCTIVE)),
        result("F001", Fix("Ask", Manual("Ask somebody"))),
    ),
    Facts({}),
)


def rendered(report: Report = REPORT, shell: Shell = Shell.FISH) -> list[str]:
    return script.render(report, plan_of(report), shell).splitlines()


def test_each_step_stands_under_its_finding() -> None:
    assert rendered() == [
        "# 6 findings, 3 fixes, in this order. Nothing has been run.",
        "",
        "# 1. A001 sick: A001 is wrong",
        "# Fix: Deactivate the environment  [this shell]",
        *commands(LEAVE.actions, Shell.FISH),
        "# Then gone: B001",
        "# Examine again here: envdoctor fix",
        "",
        "# 2. F001 sick: F001 is wrong",
        "# Fix: Ask",
        "# Not applied: it has to be done by hand",
        "# Ask somebody",
        "",
        "# 3. C001 sick: C001 is wrong",
        "# Fix: Set `x`  [this shell]",
        "set -gx X 1",
        "",
        "# 4. D001 sick: D001 is wrong",
        "# Fix: Unset X  [this shell]",
        "# Not applied: C001 sets X, and this unsets it",
        "# set -e X; or true",
        "",
        "# 5. E001 sick: E001 is wrong",
        "# Fix: Delete the files  [removes something: read before you run]",
        "# rm -rf -- /x",
    ]


def test_a_comment_runs_nothing_in_a_zsh_that_knows_none_at_its_prompt() -> None:
    assert ": 'Fix: Set `x`  [this shell]'" in rendered(shell=Shell.ZSH)
    assert not [line for line in rendered(shell=Shell.ZSH) if line.startswith("#")]


@pytest.mark.parametrize("shell", Shell)
def test_fixes_of_another_machine_say_so_first(shell: Shell) -> None:
    report = msgspec.structs.replace(REPORT, recorded=Recorded("r.json", "2026-01-02T03:04:05Z", "0.1"))
    first, *others = rendered(report, shell)
    assert "For that machine, not for this one: r.json, recorded at 2026-01-02T03:04:05Z by envdoctor 0.1." in first
    assert any("Fix for that machine: Add pip" in line or "Fix for that machine: Ask" in line for line in others)
    assert not any("Fix: " in line for line in others)


def test_one_fix_is_one() -> None:
    report = msgspec.structs.replace(REPORT, results=(result("A001", Fix("Enter", Activate(ENV))),))
    assert rendered(report)[0] == "# 1 finding, 1 fix, in this order. Nothing has been run."
