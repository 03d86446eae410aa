from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from junitparser import JUnitXml, TestSuite

from envdoctor.render import junit
from envdoctor.report.report import Report
from envdoctor.shells.dialects import Shell
from tests.render.formats_world import BASE, HOSTILE, REPORTS, placed


def rendered(report: Report) -> ET.Element:
    return ET.fromstring(junit.render(report, Shell.BASH, BASE))


def outcomes(report: Report) -> dict[str, str]:
    """What became of each case, by the first word of its name."""
    return {
        str(case.get("name")).split(" ")[0]: next((child.tag for child in case), "passed")
        for case in rendered(report).iter("testcase")
    }


def test_each_check_is_one_case_and_passes_count() -> None:
    assert outcomes(REPORTS["sample"]) == {
        "AAA001": "failure",
        "AAA002": "skipped",
        "BBB001": "skipped",
        "BBB002": "error",
        "BBB003": "error",
        "BBB004": "error",
        "CCC001": "system-out",
        "CCC002": "passed",
        "everything": "error",
    }
    assert set(outcomes(REPORTS["healthy"]).values()) == {"passed"}


@pytest.mark.parametrize("name", REPORTS)
def test_an_independent_reader_counts_the_same(tmp_path: Path, name: str) -> None:
    file = tmp_path / "report.xml"
    file.write_text(junit.render(REPORTS[name], Shell.BASH, BASE))
    read = JUnitXml.fromfile(str(file))
    for suite in read:
        assert isinstance(suite, TestSuite)
        told = (suite.tests, suite.failures, suite.errors, suite.skipped)
        suite.update_statistics()  # type: ignore[no-untyped-call] # the library is typed in part
        assert (suite.tests, suite.failures, suite.errors, suite.skipped) == told
        assert len({case.name for case in suite}) == suite.tests


def test_a_failure_tells_all_findings_of_its_check_as_message_and_as_content() -> None:
    [failure] = rendered(placed(3, 4)).iter("failure")
    assert failure.get("message") == "line 3"
    fix = "Fix: Remove the line\n  sed -i 1d 'a b'"
    assert failure.text == f"line 3\n{fix}\n\nline 4\n{fix}"
    [case] = rendered(placed(3, 4)).iter("testcase")
    assert (case.get("classname"), case.get("file")) == ("envdoctor.AAA", "uv.lock")


def test_what_xml_cannot_hold_is_shown() -> None:
    [failure] = rendered(REPORTS["hostile"]).iter("failure")
    assert "\\x1b[2J\\x00\\ud800\\xff`|<b>&\"'@all" in str(failure.text)
    assert "##[" not in junit.render(REPORTS["hostile"], Shell.BASH, BASE)
    assert HOSTILE.count("\n") == 1
