from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from envdoctor.fleet import collecting
from envdoctor.fleet.collecting import Round, collect
from envdoctor.fleet.reaching import Way
from envdoctor.fleet.replies import Reply
from tests.fleet.world import content

Answers = dict[str, Reply]


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """What machines reply; those that are not in it are not asked."""
    replies: Answers = {}

    def ask(nodes: Sequence[str], _command: str, told: Callable[[str, Reply], None], _way: Way) -> str:
        for node in nodes:
            told(node, replies[node])
        return "why"

    monkeypatch.setattr(collecting, "ask", ask)
    return replies


def asked(directory: Path, *nodes: str, again: bool = False) -> tuple[str, ...]:
    done = collect(nodes, Round(str(directory), again=again), lambda *_: None)
    assert done.note == ("why" if done.asked else "")
    return done.asked


def test_a_report_is_kept_as_it_is_and_a_failure_with_its_reason(tmp_path: Path, answers: Answers) -> None:
    directory = tmp_path / "new" / "reports"
    answers |= {"m1": Reply(bytearray(content())), "m2": Reply(timed_out=True), "m3": Reply(bytearray(content()[:-9]))}
    assert asked(directory, "m1", "m2", "m3") == ("m1", "m2", "m3")
    assert sorted(os.listdir(directory)) == ["m1.json", "m2.failed", "m3.failed"]
    assert (directory / "m1.json").read_bytes() == content()
    assert (directory / "m2.failed").read_text() == "timed out after 120 s\n"
    assert (directory / "m3.failed").read_text().startswith("no report: not JSON")


def test_only_machines_without_a_whole_report_are_asked_again(tmp_path: Path, answers: Answers) -> None:
    (tmp_path / "m1.json").write_bytes(content())
    (tmp_path / "m2.json").write_bytes(content()[:50])
    (tmp_path / "m2.failed").write_text("unreachable")
    answers["m2"] = Reply(bytearray(content("LIB001")))
    assert asked(tmp_path, "m1", "m2") == ("m2",)
    assert sorted(os.listdir(tmp_path)) == ["m1.json", "m2.json"]
    assert asked(tmp_path, "m1", "m2") == ()


def test_an_older_report_stays_where_a_machine_fails_at_another_try(tmp_path: Path, answers: Answers) -> None:
    (tmp_path / "m1.json").write_bytes(content())
    answers["m1"] = Reply(status=255)
    assert asked(tmp_path, "m1", again=True) == ("m1",)
    assert (tmp_path / "m1.json").read_bytes() == content()
    assert (tmp_path / "m1.failed").read_text() == "unreachable\n"
