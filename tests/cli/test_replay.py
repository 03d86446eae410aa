from __future__ import annotations

import json
from pathlib import Path

import pytest

from envdoctor import __version__
from tests.cli.command import run

pytestmark = pytest.mark.tools


def test_a_recording_is_judged_as_it_was_on_its_machine(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    done = run("check", "--output", f"json={report}", home=tmp_path)
    document = json.loads(report.read_text())
    again = run("replay", str(report), "--format", "json", home=tmp_path, PATH="/nonexistent", VIRTUAL_ENV="/nowhere")
    replayed = json.loads(again.stdout)
    for result in (*document["results"], *replayed["results"]):
        del result["seconds"]
    assert replayed["results"] == document["results"]
    assert replayed["facts"] == document["facts"]
    assert again.returncode == done.returncode


def test_a_replay_of_a_replay_names_the_first_recording(tmp_path: Path) -> None:
    report, second = tmp_path / "report.json", tmp_path / "second.json"
    run("check", "--output", f"json={report}", home=tmp_path)
    created = json.loads(report.read_text())["created"]
    run("replay", str(report), "--output", f"json={second}", home=tmp_path)
    assert json.loads(second.read_text())["recorded"] == {
        "file": str(report),
        "created": created,
        "version": __version__,
    }
    shown = run("replay", str(second), home=tmp_path).stdout.splitlines()[0]
    assert f"replayed {second}, recorded at {created} by envdoctor {__version__}: a " in shown


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["/no/such/report.json"], "/no/such/report.json: no such file"),
        (["/etc/hostname"], "/etc/hostname: line 1: not a report of envdoctor: "),
        (
            ["https://tracker.example/issues/7"],
            "nothing is fetched: save the page, or the text of the report, and name",
        ),
        (["-"], "what was pasted: it is empty; expected what `envdoctor report` or"),
        ([], "FILE"),
    ],
)
def test_what_is_no_recording_is_named(tmp_path: Path, arguments: list[str], hint: str) -> None:
    done = run("replay", *arguments, home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert hint in done.stderr
