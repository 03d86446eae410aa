from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.python.metadata import field, fields, read_headers
from envdoctor.system.files import Unreadable
from envdoctor.system.unread import noting
from envdoctor.text import limits

TEXT = b"""Metadata-Version: 2.1
name: Foo
Requires-Dist: aa
requires-DIST: bb
 (>=2,
\t<3)
Requires-Dist:  cc ; extra == "x"

Requires-Dist: in-the-description
"""


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_headers_end_at_the_first_blank_line_and_names_are_the_same_in_capitals(tmp_path: Path, end: bytes) -> None:
    (tmp_path / "METADATA").write_bytes(TEXT.replace(b"\n", end))
    headers = read_headers(f"{tmp_path}/METADATA")
    assert list(fields(headers, b"Requires-Dist")) == ["aa", "bb (>=2, <3)", 'cc ; extra == "x"']
    assert (field(headers, b"Name"), field(headers, b"Version")) == ("Foo", None)


def test_a_blank_line_across_two_pieces_is_found(tmp_path: Path) -> None:
    head = b"Name: x\nA: " + b"a" * 8_180 + b"\n"
    assert len(head) == 8_192
    (tmp_path / "M").write_bytes(head + b"\nRequires-Dist: no\n")
    assert read_headers(f"{tmp_path}/M") == head[:-1]


@pytest.mark.parametrize("blank", [b"\n\n", b"\n\r\n", b"\r\n\n", b"\r\n\r\n"])
@pytest.mark.parametrize("length", range(8_186, 8_194))
def test_any_blank_line_ends_the_headers_wherever_a_piece_ends(tmp_path: Path, blank: bytes, length: int) -> None:
    head = b"Requires-Dist: aa\nA: ".ljust(length, b"a")
    (tmp_path / "M").write_bytes(head + blank + b"Requires-Dist: bb\n\n")
    assert read_headers(f"{tmp_path}/M") == head
    assert list(fields(head, b"Requires-Dist")) == ["aa"]


def test_a_field_is_told_from_others_that_end_like_it_and_from_continued_lines() -> None:
    headers = b"X-Name: no\nSummary: a\n  Name: no\nNAME : no\nname:yes\rno\nName:\n"
    assert list(fields(headers, b"Name")) == ["yes", ""]


def test_what_is_no_utf8_is_read_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "M").write_bytes(b"Author: J\xf6rg\nRequires-Dist: aa\n")
    assert list(fields(read_headers(f"{tmp_path}/M"), b"Requires-Dist")) == ["aa"]


def test_headers_without_an_end_are_noted(tmp_path: Path) -> None:
    (tmp_path / "M").write_bytes(b"A: a\n" * (limits.PACKAGE_FILE // 4))
    with noting() as notes, pytest.raises(Unreadable):
        read_headers(f"{tmp_path}/M")
    assert notes == {f"{tmp_path}/M": "headers of more than 1,000,000 bytes"}
