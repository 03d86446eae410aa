from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest

from envdoctor.system.acl import ATTRIBUTE, writers

UNSET = 0xFFFFFFFF


def listed(path: Path, *entries: tuple[int, int, int]) -> list[tuple[str, int]]:
    path.touch()
    os.setxattr(path, ATTRIBUTE, struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries))
    found = writers(str(path), 7)
    assert found is not None
    return list(found)


OWNER, OTHERS = (0x01, 7, UNSET), (0x20, 5, UNSET)


def test_users_and_groups_with_the_right_to_write(tmp_path: Path) -> None:
    entries = (OWNER, (0x02, 7, 5), (0x02, 5, 6), (0x04, 7, UNSET), (0x08, 6, 8), (0x10, 7, UNSET), OTHERS)
    assert listed(tmp_path / "x", *entries) == [("user", 5), ("group", 7), ("group", 8)]


def test_the_mask_takes_it_away(tmp_path: Path) -> None:
    entries = (OWNER, (0x02, 7, 5), (0x04, 5, UNSET), (0x10, 5, UNSET), OTHERS)
    assert listed(tmp_path / "x", *entries) == []


@pytest.mark.parametrize("content", [b"", b"\2\0\0", b"\3\0\0\0", b"\2\0\0\0abc"])
def test_what_is_no_list_is_none(content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getxattr", lambda *_, **__: content)
    assert writers(str(tmp_path), 7) is None


def test_a_file_without_a_list_has_none(tmp_path: Path) -> None:
    assert writers(str(tmp_path), 7) is None
    assert writers(str(tmp_path / "missing"), 7) is None
