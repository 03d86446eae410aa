"""What is said of fixes as they are applied."""

from __future__ import annotations

from envdoctor import EditFile, Fix, UnsetVariable
from envdoctor.render import applying, lines
from envdoctor.shells.dialects import Shell
from tests.plan.world import planned, result


def test_an_item_is_its_finding_its_fix_and_all_steps_but_edits() -> None:
    fix = Fix("Remove the line", EditFile("/home/ada/.bashrc", remove=("X=1",)), UnsetVariable("X"))
    [item] = planned(result("A001", fix)).items
    assert lines.plain(applying.item_lines(item, Shell.FISH)).splitlines() == [
        f"A001 {item.finding.message}",
        "  Fix: Remove the line  [this shell, a file (/home/ada/.bashrc)]",
        "      set -e X; or true",
    ]


def test_outcomes_have_a_mark_and_a_reason() -> None:
    said = [*applying.outcome_lines("A001", "resolved"), *applying.outcome_lines("B001", "failed", "pip\x1b failed")]
    assert lines.plain(said).splitlines() == ["✓ A001: resolved", r"✗ B001: failed: pip\x1b failed"]


def test_what_a_failing_step_printed_and_what_is_new_is_shown() -> None:
    [item] = planned(result("A001", Fix("Fix", UnsetVariable("X")))).items
    assert lines.plain(applying.output_lines(["one", "two"])) == "    | one\n    | two\n"
    new = applying.new_lines([(item.result, item.finding)])
    assert lines.plain(new).startswith("    new: A001 ")


def test_what_is_not_applied_stands_under_its_heading() -> None:
    assert applying.left_lines("By hand:", []) == []
    assert lines.plain(applying.left_lines("By hand:", [("A001", "ask")])) == "By hand:\n  A001: ask\n\n"
