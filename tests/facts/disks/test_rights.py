from __future__ import annotations

import os
from pathlib import Path

from envdoctor.facts.disks.rights import account, is_writable, nearest_existing, owner_of


def test_the_nearest_directory_that_is_there(tmp_path: Path) -> None:
    assert nearest_existing(f"{tmp_path}/a/b/c") == str(tmp_path)
    assert nearest_existing(str(tmp_path)) == str(tmp_path)
    assert nearest_existing("/no/such") == "/"


def test_only_directories_can_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert is_writable(str(tmp_path))
    assert not is_writable(f"{tmp_path}/file")
    assert not is_writable(f"{tmp_path}/gone")
    assert not is_writable("/proc/self/nothing\0")


def test_owners_and_accounts(tmp_path: Path) -> None:
    assert owner_of(str(tmp_path)) == os.geteuid()
    assert owner_of(f"{tmp_path}/gone") is None
    assert account(0) == "root"
    assert account(3_999_999) is None
