from __future__ import annotations

import json
from pathlib import Path

import pytest

from envdoctor.fleet.documents import WrittenSession
from envdoctor.fleet.gathering import session_of
from tests.fleet.world import asked, content, fill, report


def test_bad_inputs_are_each_named_and_end_nothing(tmp_path: Path) -> None:
    fill(tmp_path, {"m1": report("LIB001"), "m2": report(created="2026-01-01T00:00:00Z")})
    (tmp_path / "m2.txt").write_bytes(content("PIP001", created="2026-02-01T00:00:00Z"))
    (tmp_path / "cut.json").write_bytes(content()[:100])
    (tmp_path / "hello.txt").write_text("hello")
    (tmp_path / "copy.json").write_bytes((tmp_path / "m1.json").read_bytes())
    (tmp_path / "new.json").write_bytes(content(schema=7))
    (tmp_path / "gaps.json").write_bytes(content(missing=[]))
    deep: list[object] = []
    for _ in range(600):
        deep = [deep]
    (tmp_path / "deep.json").write_bytes(content(facts={"Deep": deep}))
    (tmp_path / "m9.failed").write_text("timed out")
    (tmp_path / "copy.failed").write_text("unreachable")
    found = asked(str(tmp_path))
    assert found.machines == 2
    assert {(group.codes, group.machines) for group in found.groups} == {
        (("LIB001",), ("copy",)),
        (("PIP001",), ("m2",)),
    }
    told = {Path(text.partition(":")[0]).name: text.partition(": ")[2] for text in found.problems}
    assert told.pop("copy") == "at the last try unreachable; its report of 2026-01-02T03:04:05Z counts"
    assert set(told) == {"deep.json", "gaps.json", "cut.json", "hello.txt", "m1.json", "m2.txt", "new.json"}
    assert told["m1.json"].startswith("the same report as that of copy")
    assert told["m2.txt"] == "a further report of m2; the one of 2026-02-01T00:00:00Z counts"
    assert [(one.machine, one.reason) for one in found.unexamined] == [("m9", "timed out")]


def test_lines_name_their_machine_and_the_newest_of_one_counts(tmp_path: Path) -> None:
    file = tmp_path / "all.ndjson"
    reports = [
        report("LIB001", machine="m1", created="2026-03-01T00:00:00Z"),
        report(machine="m1", created="2026-01-01T00:00:00Z"),
        report(created="2026-01-01T00:00:01Z"),
    ]
    file.write_text("".join(f"{json.dumps(one)}\n" for one in reports))
    found = asked(str(file))
    assert {(group.codes, group.machines) for group in found.groups} == {((), (f"{file}:3",)), (("LIB001",), ("m1",))}
    assert found.problems == (f"{file}:2: a further report of m1; the one of 2026-03-01T00:00:00Z counts",)


def test_versions_and_reports_that_are_not_masked_are_noted(tmp_path: Path) -> None:
    old = {"name": "envdoctor", "version": "0.9"}
    fill(tmp_path, {"m1": report(), "m2": report(shared=False, tool=old), "m3": report(tool=old, created="x")})
    versions, masks = asked(str(tmp_path)).notes
    assert "0.9 (2), 1.0 (1)" in versions
    assert masks.startswith("1 report was made without `--share`")


def test_machines_that_are_expected_and_left_no_trace_are_named(tmp_path: Path) -> None:
    fill(tmp_path, {"m1": report()})
    found = asked(str(tmp_path), expected=("m1", "m2"))
    assert [(one.machine, one.reason) for one in found.unexamined] == [("m2", "there is no report of it")]


@pytest.mark.parametrize(
    ("session", "said"),
    [
        (None, "session of which nothing is known"),
        (WrittenSession("bash", login=True, occasion="ssh command"), "ssh command (bash, login)"),
        (WrittenSession(interactive=True), "session (no shell, interactive)"),
    ],
)
def test_a_session_in_words(session: WrittenSession | None, said: str) -> None:
    assert session_of(session) == said
