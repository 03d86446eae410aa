"""What is known of what was written."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from envdoctor.apply.blocks import Block
from envdoctor.apply.journal import Intent, Journal

FIRST, SECOND = Block("1" * 64), Block("2" * 64, 1, "\n")
WRITTEN = Intent("a", "2026-11-29T15:00:00Z", "PY006", "/home/\udcff/.bashrc", None, "3" * 64, blocks=(FIRST, SECOND))
OTHER = msgspec.structs.replace(WRITTEN, id="b", code="PIP003", blocks=())


def journal(tmp_path: Path, *intents: tuple[Intent, bool | None]) -> Journal:
    made = Journal(str(tmp_path / "journal.jsonl"))
    for intent, done in intents:
        made.begin(intent)
        if done is not None:
            made.end(intent, done=done)
    return Journal(made.path)


def test_what_was_written_is_read_as_it_was(tmp_path: Path) -> None:
    read = journal(tmp_path, (WRITTEN, True), (OTHER, False))
    assert read.intents == [WRITTEN, OTHER]
    assert read.done() == read.in_effect() == [WRITTEN]
    assert read.open() == []
    assert (tmp_path / "journal.jsonl").stat().st_mode & 0o777 == 0o600


def test_what_has_no_outcome_is_open(tmp_path: Path) -> None:
    assert journal(tmp_path, (WRITTEN, None), (OTHER, True)).open() == [WRITTEN]


def test_a_line_that_was_cut_off_spoils_no_other(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    journal(tmp_path, (WRITTEN, True))
    whole = file.read_bytes()
    for cut in range(1, whole.index(b"\n")):
        file.write_bytes(whole + whole[:cut])
        again = Journal(str(file))
        again.begin(OTHER)
        again.end(OTHER, done=True)
        assert Journal(str(file)).in_effect() == [WRITTEN, OTHER]


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b"[]",
        b"\xff",
        b'{"event": "intent", "id": 1}',
        b'{"event": "later"}',
        b"[" * 5000,
        b"",
        b"1e999",
        b'"\\ud800"',
    ],
)
def test_a_line_of_somebody_else_counts_for_nothing(tmp_path: Path, line: bytes) -> None:
    file = tmp_path / "journal.jsonl"
    journal(tmp_path, (WRITTEN, True))
    file.write_bytes(line + b"\n" + file.read_bytes() + line)
    assert Journal(str(file)).in_effect() == [WRITTEN]


def test_what_was_taken_back_is_no_longer_in_effect(tmp_path: Path) -> None:
    whole = Intent("c", WRITTEN.time, "PY006", WRITTEN.path, blocks=(FIRST, SECOND), undoes="a")
    assert journal(tmp_path, (WRITTEN, True), (whole, False)).in_effect() == [WRITTEN]
    assert journal(tmp_path, (whole, True)).in_effect() == []


def test_of_what_was_taken_back_in_part_the_rest_is(tmp_path: Path) -> None:
    part = Intent("c", WRITTEN.time, "PY006", WRITTEN.path, blocks=(SECOND,), undoes="a")
    left = msgspec.structs.replace(WRITTEN, blocks=(FIRST,))
    assert journal(tmp_path, (WRITTEN, True), (part, True)).in_effect() == [left]


def test_what_has_no_blocks_is_taken_back_as_a_whole(tmp_path: Path) -> None:
    whole = Intent("c", WRITTEN.time, "PIP003", WRITTEN.path, undoes="b")
    assert journal(tmp_path, (OTHER, True), (whole, True)).in_effect() == []
