"""What a fix puts aside gets a name that is free, in the steps, in what takes them back, and in a replay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from envdoctor.cli.free_names import chosen, with_free_names
from envdoctor.engine.finding import Finding, Outcome
from envdoctor.engine.fix import Fix, Manual, Run
from envdoctor.engine.judge import Result
from envdoctor.facts.session.chosen_names import ChosenName, ChosenNames
from tests.cli.command import run
from tests.samples import damp_ground


def results(*fixes: Fix) -> tuple[Result, ...]:
    return (Result(damp_ground, Outcome.FOUND, None, tuple(Finding("x", fix) for fix in fixes)),)


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    a, b = f"{tmp_path}/a", f"{tmp_path}/b"
    (tmp_path / "a.old").mkdir()
    (tmp_path / "a.old.2").symlink_to("nowhere")
    move, copy = Run("mv", "-n", "--", a, f"{a}.old"), Run("cp", "-n", "-p", "--", b, f"{b}.old")
    back = Run("mv", "-n", "--", f"{a}.old", a)
    found = results(Fix("Move", move, Manual("x"), undo=(back,)), Fix("Copy", copy))
    names = chosen(found)
    assert names == ChosenNames((ChosenName(f"{a}.old", f"{a}.old.3"),))
    [result] = with_free_names(found, names)
    first, second = (finding.fix for finding in result.findings)
    assert first.actions == (Run("mv", "-n", "--", a, f"{a}.old.3"), Manual("x"))
    assert first.undo == (Run("mv", "-n", "--", f"{a}.old.3", a),)
    assert second == Fix("Copy", copy)


def test_what_writes_over_a_file_on_purpose_keeps_its_name(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    found = results(
        Fix("Do", Run("cp", "-p", "--", f"{tmp_path}/b", f"{tmp_path}/a"), Run("uv", "-n", f"{tmp_path}/a"))
    )
    assert chosen(found) == ChosenNames()
    assert with_free_names(found, ChosenNames()) == found


@pytest.mark.parametrize(
    ("planned", "chosen"),
    [("mv", "sh"), ("mv", "mv.2"), ("/a.old", "/b"), ("/a.old", "/a.old.2; x"), ("/a.old", "/a.old.²")],
)
def test_a_recording_has_no_other_words_put_in(planned: str, chosen: str) -> None:
    found = results(Fix("Move", Run("mv", "-n", "--", "/a", "/a.old")))
    assert with_free_names(found, ChosenNames((ChosenName(planned, chosen),))) == found


@pytest.mark.tools
def test_an_older_copy_stays_and_a_replay_names_the_same(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.9"\n')
    (tmp_path / "uv.lock").write_text("<<<<<<< HEAD\nversion = 1\n")
    (tmp_path / "uv.lock.old").write_text("older\n")
    made = run("check", "--format", "json", home=tmp_path).stdout
    fix = fix_of(made, "PRJ008")
    assert fix["commands"]["bash"][0] == "mv -n -- uv.lock uv.lock.old.2".replace("uv.lock", f"{tmp_path}/uv.lock")
    (tmp_path / "r.json").write_text(made)
    (tmp_path / "uv.lock.old").unlink()
    assert fix_of(run("replay", str(tmp_path / "r.json"), "--format", "json", home=tmp_path).stdout, "PRJ008") == fix


def fix_of(text: str, code: str) -> dict[str, Any]:
    [fix] = [
        finding["fix"]
        for result in json.loads(text)["results"]
        if result["code"] == code
        for finding in result["findings"]
        if "uv.lock" in str(finding["where"])
    ]
    assert isinstance(fix, dict)
    return fix
