from __future__ import annotations

import json
from typing import Any

import pytest

from envdoctor.render import gitlab
from envdoctor.report.report import Report
from envdoctor.shells.dialects import Shell
from tests.render.formats_world import BASE, REPORTS, placed


def rendered(report: Report) -> list[dict[str, Any]]:
    entries = json.loads(gitlab.render(report, Shell.BASH, BASE))
    assert isinstance(entries, list)
    return entries


@pytest.mark.parametrize("name", REPORTS)
def test_every_finding_is_an_entry_of_its_own(name: str) -> None:
    report = REPORTS[name]
    entries = rendered(report)
    assert len(entries) == len(report.findings)
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)
    for entry in entries:
        assert entry.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert not entry["location"]["path"].startswith(("/", "."))
        assert entry["location"]["lines"]["begin"] >= 1


def test_an_entry_names_the_line_the_check_and_the_fix() -> None:
    [entry] = rendered(placed(3))
    assert entry["location"] == {"path": "uv.lock", "lines": {"begin": 3}}
    assert entry["check_name"] == "AAA001 wet-ground"
    assert entry["description"] == "line 3. Fix: Remove the line\n  sed -i 1d 'a b'"


def test_a_healthy_report_is_an_empty_array() -> None:
    assert gitlab.render(REPORTS["healthy"], Shell.BASH, BASE) == "[]\n"
