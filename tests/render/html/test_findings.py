from __future__ import annotations

import msgspec

from envdoctor.engine.judge import Result
from envdoctor.render.html.findings import findings, summary
from envdoctor.report.report import Accepted, Recorded
from envdoctor.shells.dialects import Shell
from tests.render.html.html_world import VENV, Reader, sick


def test_the_summary_says_what_was_examined_and_what_came_of_it() -> None:
    text = Reader(summary(sick())).text
    assert "✗ problems: 1 error, 1 warning, 1 info" in text
    assert "A bash session in /home/ada/project" in text
    assert f"python runs {VENV}/bin/python: Python 3.12.1, in {VENV}" in text
    assert "exit status 1" in text


def test_each_finding_has_its_severity_in_words_its_proof_and_its_fix() -> None:
    read = Reader(findings(sick(), Shell.BASH))
    assert read.classes("article") == ["finding error", "finding warning", "finding info"]
    assert "pip installs into /opt/conda (error)✗ error AAA001 wet-ground" in read.text
    assert f"uv = 0.13.9 from {VENV}/pyvenv.cfg:3" in read.text
    assert "Fix: Install with uv pip install instead" in read.text
    assert f"uv pip install --python {VENV} pip" in read.text


def test_a_replay_says_that_fixes_are_for_the_other_machine() -> None:
    report = msgspec.structs.replace(sick(), recorded=Recorded("/x.json", "2026-01-01", "0.1"))
    assert "Fix for that machine: " in Reader(findings(report, Shell.BASH)).text
    assert "Replayed, recorded at 2026-01-01 by envdoctor 0.1" in Reader(summary(report)).text


def test_what_is_accepted_and_what_could_not_be_examined_is_told() -> None:
    report = sick()
    result: Result = report.results[0]
    accepted = (Accepted(result, result.findings[0], "it is on purpose"),)
    text = Reader(
        findings(msgspec.structs.replace(report, accepted=accepted, broken_plugins=("plug is broken",)), Shell.BASH)
    ).text
    assert "AcceptedAAA001 pip installs into /opt/conda (info): it is on purpose" in text
    assert "Not examinedplug is broken" in text
