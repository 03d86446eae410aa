from __future__ import annotations

import io
import json
import re
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
)
from envdoctor.cli.output import shown
from envdoctor.engine.finding import Outcome
from envdoctor.engine.judge import Result
from envdoctor.engine.reference import Facts
from envdoctor.render import json as json_report
from envdoctor.render import text
from envdoctor.render.lines import line, painted, plain
from envdoctor.report.report import Recorded, Report
from tests.render.text_world import golden
from tests.samples import EVERY, Weather, advice, sample_report

ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize(
    ("name", "options"), [("report.txt", {}), ("verbose.txt", {"verbose": True}), ("quiet.txt", {"quiet": True})]
)
def test_text_is_as_it_was(name: str, options: dict[str, Any], rewrite_golden: bool) -> None:
    golden(name, plain(text.layout(sample_report(), **options)), rewrite_golden)


def test_formats_agree_on_verdict_findings_and_order() -> None:
    report = sample_report()
    document = json.loads(json_report.render(report))
    shown_text = plain(text.layout(report))
    assert document["exit_code"] == report.exit_code
    assert f"exit {document['exit_code']}" in shown_text
    messages = [finding.message.replace("\x1b", "\\x1b") for _, finding in report.findings]
    positions = [shown_text.index(message) for message in messages]
    assert positions == sorted(positions)
    assert sum(len(result["findings"]) for result in document["results"]) == len(messages)
    assert [result["code"] for result in document["results"]] == [check.code for check in EVERY]


def test_markup_and_control_characters_are_text() -> None:
    document = plain(text.layout(sample_report()))
    assert "the ground is wet [tag] and package[extra] slips" in document
    assert "\x1b" not in document
    assert "\\x1b[2J" in document


@pytest.mark.parametrize("width", [20, 40, 80, 120])
def test_a_terminal_gets_the_same_words_wrapped_and_commands_whole(width: int) -> None:
    lines = text.layout(sample_report(), verbose=True)
    coloured = ANSI.sub("", painted(lines, width, colour=True))
    assert coloured.split() == plain(lines).split()
    assert "export UMBRELLA='on top'" in coloured
    assert "less '/a path/that is long'" in coloured


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "env", "coloured"),
    [
        (io.StringIO(), {}, False),
        (io.StringIO(), {"FORCE_COLOR": "1"}, True),
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (Terminal(), {"NO_COLOR": "", "TERM": "xterm"}, True),
    ],
)
def test_colours_follow_the_terminal_and_the_conventions(
    stream: io.StringIO, env: dict[str, str], coloured: bool
) -> None:
    document = shown(text.layout(sample_report()), stream, env)
    assert bool(ANSI.search(document)) is coloured


def test_a_pipe_is_never_wrapped() -> None:
    long = "word " * 100
    assert shown([line(long)], io.StringIO(), {"FORCE_COLOR": "1"}).count("\n") == 1
    assert shown([line(long)], io.StringIO(), {}).count("\n") == 1


@given(st.text(), st.text(), st.text(min_size=1))
def test_any_text_can_be_shown(message: str, origin: str, command: str) -> None:
    finding = Finding(message, Fix(message, Manual(command)), evidence=(Evidence(message, origin),))
    report = Report(
        "",
        (Result(advice, Outcome.FOUND, None, (finding,)),),
        Facts({Weather: Weather(rain=True, source=message)}),
    )
    lines = text.layout(report)
    assert plain(lines).isprintable() or "\n" in plain(lines)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", plain(lines))
    painted(lines, 30, colour=True)
    assert json.loads(json_report.render(report))["results"][0]["findings"][0]["message"] == message


@pytest.mark.parametrize("options", [{}, {"quiet": True}, {"verbose": True}])
def test_a_replay_says_first_what_it_is_and_for_which_machine_its_fixes_are(options: dict[str, Any]) -> None:
    recorded = Recorded("old\n.json", "2026-01-02T03:04:05Z", "0.1.0")
    shown = plain(text.layout(msgspec.structs.replace(sample_report(), recorded=recorded), **options))
    first = r"replayed old\n.json, recorded at 2026-01-02T03:04:05Z by envdoctor 0.1.0: a session"
    assert shown.splitlines()[0].endswith(first)
    assert "this session" not in shown
    assert not re.search(r"^ *Fix: ", shown, re.MULTILINE)
    assert "  Fix for that machine: Take an umbrella" in shown


def test_a_run_that_fails_by_an_unused_suppression_says_so() -> None:
    report = Report("2026-01-02T03:04:05Z", (), Facts(), unused=("x.toml:3: A is suppressed",), strict=True)
    page = plain(text.layout(report))
    assert "~ x.toml:3: A is suppressed\n" in page
    assert page.endswith("Nothing found · exit 1: a suppression is not needed any more (--strict)\n")
