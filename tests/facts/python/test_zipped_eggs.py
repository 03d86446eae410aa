from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from envdoctor.facts.python.zipped_eggs import read_member
from envdoctor.system.files import Unreadable
from envdoctor.text import limits


def test_a_file_is_read_and_one_that_is_not_there_is_named(tmp_path: Path) -> None:
    egg = tmp_path / "a.egg"
    with zipfile.ZipFile(egg, "w") as archive:
        archive.writestr("EGG-INFO/requires.txt", "b\n")
    assert read_member(str(egg), "EGG-INFO/requires.txt") == b"b\n"
    with pytest.raises(Unreadable, match="EGG-INFO/PKG-INFO: no such file"):
        read_member(str(egg), "EGG-INFO/PKG-INFO")


def test_what_unpacks_to_much_is_cut(tmp_path: Path) -> None:
    egg = tmp_path / "a.egg"
    with zipfile.ZipFile(egg, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", b"0" * (limits.PACKAGE_FILE * 3))
    assert len(read_member(str(egg), "x")) == limits.PACKAGE_FILE


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"0" * 1000])
def test_what_is_no_archive_is_named(tmp_path: Path, content: bytes) -> None:
    egg = tmp_path / "a.egg"
    egg.write_bytes(content)
    with pytest.raises(Unreadable, match="not a zip archive"):
        read_member(str(egg), "x")


def test_one_that_is_too_large_is_named(tmp_path: Path) -> None:
    egg = tmp_path / "a.egg"
    with egg.open("wb") as file:
        file.truncate(limits.ZIPPED_EGG + 1)
    with pytest.raises(Unreadable, match="larger than"):
        read_member(str(egg), "x")
