from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import ENVDOCTOR, run

pytestmark = pytest.mark.tools


def record(home: Path, name: str, *options: str, **env: str) -> str:
    run("check", "--output", f"json={home}/{name}", *options, home=home, **env)
    return str(home / name)


def diff(home: Path, *arguments: str, **env: str) -> dict[str, Any]:
    done = run("diff", *arguments, "--format", "json", home=home, **env)
    assert done.returncode in (0, 1), done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    assert document["different"] is (done.returncode == 1)
    return document


def test_two_runs_of_one_session_say_the_same(tmp_path: Path) -> None:
    first = record(tmp_path, "a.json")
    assert diff(tmp_path, first, first)["different"] is False
    again = diff(tmp_path, first, "now")
    assert (again["facts"], again["findings"]) == ([], {"gone": [], "new": [], "unjudged": []})
    assert "they say the same" in run("diff", first, first, home=tmp_path).stdout


def test_what_changed_is_found_with_its_findings(tmp_path: Path) -> None:
    before = record(tmp_path, "a.json")
    after = record(tmp_path, "b.json", VIRTUAL_ENV=str(tmp_path / "gone"))
    document = diff(tmp_path, before, after)
    codes = {each["code"] for each in document["findings"]["new"]}
    assert "ENV001" in codes
    assert {
        "subject": "The session",
        "fact": "Examined",
        "place": ["virtual_env"],
        "before": "nothing",
    }.items() <= next(change for change in document["facts"] if change["place"] == ["virtual_env"]).items()
    back = diff(tmp_path, after, before)
    assert {each["code"] for each in back["findings"]["gone"]} == codes
    text = run("diff", before, after, home=tmp_path).stdout
    assert "Findings that are new\n  + " in text
    assert run("diff", before, after, "--format", "markdown", home=tmp_path).stdout.startswith(
        "## envdoctor: they differ"
    )


def test_what_one_has_not_recorded_is_no_difference(tmp_path: Path) -> None:
    whole = record(tmp_path, "a.json", VIRTUAL_ENV=str(tmp_path / "gone"))
    part = record(tmp_path, "b.json", "--select", "MIR", VIRTUAL_ENV=str(tmp_path / "gone"))
    document = diff(tmp_path, whole, part)
    assert (document["different"], document["findings"]["gone"]) == (False, [])
    assert "SearchPath" not in document["not_recorded"]["a"]
    assert document["not_recorded"]["b"] != []
    assert "ENV001" in {each["finding"]["code"] for each in document["findings"]["unjudged"]}


@pytest.mark.parametrize("arguments", [["/etc/hostname", "now"], ["now", "/no/such.json"], ["-", "-"], ["now"]])
def test_what_is_no_report_is_named(arguments: list[str], tmp_path: Path) -> None:
    done = run("diff", *arguments, home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    named = [argument for argument in arguments if argument.startswith("/")]
    assert all(name in done.stderr for name in named)
    assert done.stderr


def test_one_of_them_may_be_pasted_and_either_may_be_a_page(tmp_path: Path) -> None:
    report = record(tmp_path, "a.json")
    page = tmp_path / "a.html"
    page.write_text(run("replay", report, "--format", "html", home=tmp_path).stdout)
    command = [str(ENVDOCTOR), "diff", "-", str(page), "--format", "json"]
    pasted = Path(report).read_text()
    done = subprocess.run(command, input=pasted, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["a"]["label"] == "-"
