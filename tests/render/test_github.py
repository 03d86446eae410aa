from __future__ import annotations

import re

import pytest

from envdoctor import Severity
from envdoctor.render import github
from envdoctor.report.report import Report
from envdoctor.shells.dialects import Shell
from tests.render.formats_world import BASE, REPORTS, healthy, placed

COMMAND = re.compile(r"::(error|warning|notice) ((?:[a-z]+=[^,:]+)(?:,[a-z]+=[^,:]+)*)::(.*)")


def rendered(report: Report) -> list[str]:
    return github.render(report, Shell.BASH, BASE).splitlines()


def read(text: str) -> dict[str, str]:
    """A command as the runner reads it: its properties, its data and its name."""
    match = COMMAND.fullmatch(text)
    assert match, text
    told = dict(item.split("=", 1) for item in match[2].split(","))
    data = {**told, "data": match[3]}
    for escape, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        data = {name: value.replace(escape, character) for name, value in data.items()}
    return {"command": match[1], **data}


def test_an_annotation_stands_at_its_line_with_its_fix() -> None:
    *_, last = lines = rendered(placed(3))
    assert [read(line) for line in lines[:-1]] == [
        {
            "command": "error",
            "file": "uv.lock",
            "line": "3",
            "title": "AAA001 wet-ground",
            "data": "line 3\nFix: Remove the line\n  sed -i 1d 'a b'",
        }
    ]
    assert last == "envdoctor: problems, 1 error, exit 1"


@pytest.mark.parametrize("severity", list(Severity))
def test_a_step_shows_ten_of_a_kind_and_the_tenth_counts_the_others(severity: Severity) -> None:
    assert len(rendered(placed(*range(1, 11), severity=severity))) == 11
    lines = rendered(placed(*range(1, 13), severity=severity))
    assert len(lines) == 11
    assert read(lines[9])["data"] == "3 more, see the whole report"


def test_errors_come_first_and_what_is_unknown_is_said() -> None:
    lines = rendered(REPORTS["sample"])
    commands = [read(line)["command"] for line in lines[:-1]]
    assert commands == sorted(commands, key=["error", "warning", "notice"].index) or commands[-1] == "warning"
    unknown = next(read(line) for line in lines if "could not examine everything" in line)
    assert "BBB002 could not be examined: the slow thing timed out after 1 s" in unknown["data"]


def test_what_is_about_no_file_of_the_checkout_names_none() -> None:
    [first, *_] = rendered(REPORTS["sample"])
    assert read(first).keys() == {"command", "title", "data"}


def test_a_healthy_report_annotates_nothing() -> None:
    assert rendered(healthy()) == ["envdoctor: healthy, nothing found, exit 0"]


def test_no_foreign_word_is_a_command() -> None:
    for line in rendered(REPORTS["hostile"])[:-1]:
        assert COMMAND.fullmatch(line)
        assert line.isprintable()
        assert "##[" not in line
        assert "##vso[" not in line
