from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from envdoctor.fleet import sources
from envdoctor.fleet.sources import NoSource, inputs, machine_of, size_of
from envdoctor.text import limits


@pytest.mark.parametrize(
    ("name", "machine"),
    [
        ("m1.json", "m1"),
        ("m1.example.org", "m1.example.org"),
        ("m1.example.org.json", "m1.example.org"),
        ("m1.failed", "m1"),
        ("m1", "m1"),
        (".json", ".json"),
    ],
)
def test_a_machine_is_named_by_its_file(name: str, machine: str) -> None:
    assert machine_of(name) == machine


def test_a_directory_holds_a_file_a_machine_and_what_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_bytes(b"{}")
    (tmp_path / "a.html").write_bytes(b"<p>")
    (tmp_path / "c.failed").write_text("unreachable: no route\n")
    (tmp_path / ".hidden").write_text("")
    (tmp_path / "d").mkdir()
    os.mkfifo(tmp_path / "e.json")
    (tmp_path / "f.ndjson").write_text('{"x": 1}\n\n{"y": 2}')
    found = {
        Path(one.origin).name: (one.machine, one.content, one.problem, one.failed) for one in inputs(str(tmp_path))
    }
    assert found == {
        "a.html": ("a", b"<p>", "", False),
        "b.json": ("b", b"{}", "", False),
        "c.failed": ("c", None, "unreachable: no route", True),
        "d": ("d", None, "not a regular file", False),
        "e.json": ("e", None, "not a regular file", False),
        "f.ndjson:1": (None, b'{"x": 1}\n', "", False),
        "f.ndjson:3": (None, b'{"y": 2}', "", False),
    }
    assert size_of(str(tmp_path)) == 6


def test_a_file_is_a_stream_of_lines_or_one_report(tmp_path: Path) -> None:
    lines, whole = tmp_path / "all", tmp_path / "m1.json"
    lines.write_text('{"x": 1}\n{"y": 2}\n')
    whole.write_text('{\n "x": 1\n}\n')
    assert [one.origin for one in inputs(str(lines))] == [f"{lines}:1", f"{lines}:2"]
    assert [(one.machine, one.content) for one in inputs(str(whole))] == [("m1", b'{\n "x": 1\n}\n')]


def test_a_line_that_is_too_long_is_named_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RECORDING", 10)
    stream = b"x" * 35 + b"\n{}\n"
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(stream)))
    first, second = inputs(sources.STDIN)
    assert (first.origin, first.problem) == ("line 1", "larger than 10 bytes")
    assert (second.origin, second.content) == ("line 2", b"{}\n")


def test_what_is_not_there_is_no_source(tmp_path: Path) -> None:
    with pytest.raises(NoSource, match="none"):
        list(inputs(str(tmp_path / "none")))
