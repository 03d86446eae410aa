from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from envdoctor.system import files
from envdoctor.system.files import (
    Unreadable,
    is_there,
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


def planted(tmp_path: Path, mode: int = 0o600) -> tuple[Path, Path]:
    """A file outside of a project, and a link to it inside."""
    (tmp_path / "project" / "sub").mkdir(parents=True)
    key, link = tmp_path / "key", tmp_path / "project" / "sub" / "requirements.txt"
    key.write_text("secret\n")
    key.chmod(mode)
    link.symlink_to(key)
    return key, link


def test_a_link_out_of_a_project_to_a_private_file_is_not_followed(tmp_path: Path) -> None:
    _, link = planted(tmp_path)
    with pytest.raises(Unreadable, match="leads to a private file elsewhere"):
        read_text(str(link))


def test_a_link_to_what_everybody_may_read_or_within_the_repository_is_followed(tmp_path: Path) -> None:
    key, link = planted(tmp_path, 0o644)
    assert read_text(str(link)) == "secret\n"
    key.chmod(0o600)
    (tmp_path / ".git").touch()  # umask 077 makes every file of a repository private
    assert read_text(str(link)) == "secret\n"


@pytest.mark.parametrize("place", [".netrc", ".config/pip/pip.conf", "env/lib/python3.12/site-packages/x/METADATA"])
def test_the_links_of_the_user_and_of_installers_are_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    key, _ = planted(tmp_path)
    home = tmp_path / "home"
    monkeypatch.setenv("HOME", str(home))
    (home / place).parent.mkdir(parents=True)
    (home / place).symlink_to(key)
    assert read_text(str(home / place)) == "secret\n"


def test_what_cannot_be_looked_at_may_be_there(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    names = ("", "file", "loop", "nothing", "file/below", "a\0b")
    assert [name for name in names if not is_there(f"{tmp_path}/{name}")] == ["nothing", "file/below"]
