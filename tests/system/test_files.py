from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from envdoctor.system import files
from envdoctor.system.files import (
    Unreadable,
    read_bytes,
    read_head,
    read_text,
)


def test_text_is_read_without_its_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "cfg"
    file.write_bytes(b"\xef\xbb\xbfhome = /usr\r\n")
    assert read_text(str(file)) == "home = /usr\r\n"


def test_the_line_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    file = tmp_path / "cfg"
    file.write_bytes(b"one\ntwo\n\xff\n")
    with pytest.raises(Unreadable, match=f"{file}: line 3 is not UTF-8"):
        read_text(str(file))


def test_a_fifo_a_device_a_directory_and_a_loop_do_not_block(tmp_path: Path) -> None:
    fifo, loop = tmp_path / "fifo", tmp_path / "loop"
    os.mkfifo(fifo)
    loop.symlink_to(loop)
    for path in (fifo, Path("/dev/zero"), tmp_path, loop, tmp_path / "nothing"):
        with pytest.raises(Unreadable, match=r"not a regular file|too many levels|no such file"):
            read_head(str(path), 10)


def test_a_binary_or_a_huge_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"a\0b")
    with pytest.raises(Unreadable, match="a binary file"):
        read_text(str(file))
    with pytest.raises(Unreadable, match="larger than 2 bytes"):
        read_bytes(str(file), limit=2)


def test_a_path_with_a_null_byte_is_an_answer(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="null"):
        read_head(f"{tmp_path}/a\0b", 1)


def test_a_file_that_keeps_its_reader_waiting_is_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    monkeypatch.setattr(files, "_open", lambda _: reading)
    monkeypatch.setattr(stat, "S_ISREG", lambda _: True)
    with pytest.raises(Unreadable, match="/x: nothing can be read without waiting"):
        read_head("/x", 10)
    os.close(writing)


def test_a_link_into_the_kernel_is_not_followed_and_its_files_are_read_by_name(tmp_path: Path) -> None:
    link, empty = tmp_path / "link", tmp_path / "empty"
    link.symlink_to("/proc/self/status")
    empty.touch()
    with pytest.raises(Unreadable, match="a file of the kernel"):
        read_head(str(link), 10)
    assert read_head("/proc/self/status", 5) == b"Name:"
    assert read_head(str(empty), 10) == b""
