from __future__ import annotations

from envdoctor import Finding, Fix, Manual, Run, UnsetVariable
from envdoctor.render import wording
from envdoctor.shells.dialects import Shell
from tests.render.formats_world import REPORTS


def test_what_is_done_by_hand_is_no_comment_among_the_steps() -> None:
    finding = Finding("x", Fix("Unset A", UnsetVariable("A"), Manual("Read the manual")))
    assert wording.advice(finding, Shell.BASH) == "Fix: Unset A\n  unset A\n  Read the manual"
    assert wording.advice(finding, Shell.FISH, replayed=True).startswith("Fix for that machine: Unset A\n  set -e A")
    assert wording.steps(Finding("x", Fix("Run", Run("ls", "a b"))), Shell.BASH) == ("ls 'a b'",)


def test_findings_are_counted_from_the_worst_on() -> None:
    assert wording.counted(REPORTS["placed"]) == "3 errors"
    assert wording.counted(REPORTS["healthy"]) == ""
    assert [wording.number(n, "warning") for n in (1, 2)] == ["1 warning", "2 warnings"]


def test_what_is_unknown_is_told_once_a_reason() -> None:
    told = wording.unexamined(REPORTS["sample"])
    assert told[0] == "BBB002 could not be examined: the slow thing timed out after 1 s"
    assert any(text.startswith("BBB004 crashed: ") for text in told)
    assert told[-1].startswith("nothing.there of example could not be loaded")
