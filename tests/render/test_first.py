from __future__ import annotations

import re

import msgspec

from envdoctor import Deactivate, Fix, Manual, RemoveFromPath, Run, SetVariable, Severity, UnsetVariable
from envdoctor.engine.reference import Facts
from envdoctor.render import text
from envdoctor.render.lines import plain
from envdoctor.report.report import Recorded, Report
from tests.plan.world import result

LEAVE = Fix("Deactivate the environment", Deactivate(), RemoveFromPath("/p/.venv/bin"))
RESULTS = (
    result("A001", Fix("Set X", SetVariable("X", "1"))),
    result("B001", Fix("Add pip", Run("/p/.venv/bin/python", "-m", "ensurepip"))),
    result("C001", Fix("Ask somebody", Manual("Ask"))),
    result("D001", LEAVE, severity=Severity.WARNING),
    result("E001", Fix("Unset X", UnsetVariable("X")), severity=Severity.INFO),
    result("F001", Fix("Unset Y", UnsetVariable("Y")), severity=Severity.INFO),
)
REPORT = Report("2026-01-02T03:04:05Z", RESULTS, Facts({}))


def shown(report: Report, *, quiet: bool = False) -> list[str]:
    return plain(text.layout(report, quiet=quiet)).splitlines()


def test_a_report_with_many_findings_begins_with_what_to_do_first() -> None:
    lines = shown(REPORT)
    begin = lines.index("Do this first:")
    assert lines[begin : begin + 14] == [
        "Do this first:",
        "  1. Set X  [A001]",
        "  2. Ask somebody  [C001]",
        "  3. Deactivate the environment  [D001; then gone: B001; then examine again]",
        "  1 more; `envdoctor fix` shows all steps in order",
        "",
        "All that was found:",
        "  ✗ A001 sick",
        "  ✗ C001 sick",
        "  ! D001 sick",
        "  ✗ B001 sick",
        "  i E001 sick",
        "  i F001 sick",
        "",
    ]


def test_its_findings_have_the_order_of_the_plan_and_each_keeps_its_own_fix() -> None:
    lines = shown(REPORT)
    codes = [line.split()[0] for line in lines if re.match(r"  [A-Z].* sick$", line)]
    assert codes == ["A001", "C001", "D001", "B001", "E001", "F001"]
    assert sum(line.startswith("  Fix: ") for line in lines) == 6
    assert "      /p/.venv/bin/python -m ensurepip" in lines


def test_a_few_findings_come_worst_first_and_need_no_plan() -> None:
    few = msgspec.structs.replace(REPORT, results=RESULTS[1:4])
    assert "Do this first:" not in shown(few)
    codes = [line.split()[0] for line in shown(few) if re.match(r"  [A-Z].* sick$", line)]
    assert codes == ["B001", "C001", "D001"]


def test_who_wants_findings_only_gets_them_in_the_same_order() -> None:
    lines = shown(REPORT, quiet=True)
    assert "Do this first:" not in lines
    assert [line[0] for line in lines if line[:1] in {"✗", "!", "i"}] == ["✗", "✗", "!", "✗", "i", "i"]


def test_what_to_do_first_is_for_the_machine_of_a_recording() -> None:
    report = msgspec.structs.replace(REPORT, recorded=Recorded("r.json", "2026-01-02T03:04:05Z", "0.1"))
    assert "For that machine, in this order:" in shown(report)
