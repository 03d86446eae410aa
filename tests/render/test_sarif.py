from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from envdoctor.render import sarif
from envdoctor.report.report import Report
from envdoctor.shells.dialects import Shell
from tests.render.formats_world import BASE, REPORTS, placed
from tests.support import needs_tool

# what the validator says of every document: the project has no page of its own to name
NO_PAGE = "SARIF2005"


def run_of(report: Report) -> dict[str, Any]:
    document = json.loads(sarif.render(report, Shell.BASH, BASE))
    [run] = document["runs"]
    assert isinstance(run, dict)
    return run


@pytest.mark.tools
def test_all_are_valid_by_the_standard_and_by_the_rules_of_github(tmp_path: Path) -> None:
    log = tmp_path / "log.json"
    files = [tmp_path / f"{name}.sarif" for name in REPORTS]
    for file in files:
        file.write_text(sarif.render(REPORTS[file.stem], Shell.BASH, BASE))
    options = ("--rule-kind", "Sarif;Gh", "--output", str(log), "--log", "ForceOverwrite")
    done = subprocess.run(
        [needs_tool("sarif-multitool"), "validate", *map(str, files), *options],
        env={"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    [run] = json.loads(log.read_text(encoding="utf-8-sig"))["runs"]
    said = [(result["ruleId"], result.get("level")) for result in run.get("results", [])]
    assert {rule for rule, level in said if level != "note"} <= {NO_PAGE}
    assert [said.count((NO_PAGE, level)) for level in {level for rule, level in said if rule == NO_PAGE}]


def test_a_result_stands_at_its_line_and_says_the_fix() -> None:
    [result] = run_of(placed(3))["results"]
    [location] = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "uv.lock"},
        "region": {"startLine": 3, "startColumn": 1, "endLine": 3, "endColumn": 2},
    }
    assert result["message"]["text"] == "line 3.\nFix: Remove the line\n  sed -i 1d 'a b'"
    assert (result["ruleId"], result["level"]) == ("AAA001", "error")


def test_what_is_about_no_file_stands_at_the_file_that_governs_and_names_its_place() -> None:
    first, *_ = run_of(REPORTS["sample"])["results"]
    [location] = first["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "pyproject.toml"
    assert location["logicalLocations"] == [{"fullyQualifiedName": "/ground"}]


def test_a_move_of_lines_keeps_the_fingerprint() -> None:
    marks = [run_of(placed(line))["results"][0]["partialFingerprints"] for line in (3, 77)]
    assert marks[0] == marks[1]


def test_every_selected_check_is_a_rule_and_what_is_unknown_is_a_notification() -> None:
    run = run_of(REPORTS["sample"])
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [result.check.code for result in REPORTS["sample"].results]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    [invocation] = run["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 1)
    assert len(invocation["toolExecutionNotifications"]) == 4
    [healthy] = run_of(REPORTS["healthy"])["invocations"]
    assert healthy == {"executionSuccessful": True, "exitCode": 0, "toolExecutionNotifications": []}
