"""What a file keeps when its content is another: names, mode, owner, attributes."""

from __future__ import annotations

import errno
import os
import resource
import struct
from pathlib import Path

import pytest

from envdoctor.apply import putting
from envdoctor.apply.putting import CannotReplace, Overtaken
from envdoctor.apply.target import reading
from envdoctor.system import acl


def replaced(file: Path, new: bytes) -> None:
    with reading(str(file)) as seen:
        putting.replace(seen, new, putting.temporary_for(str(file)))


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o640, 0o755, 0o4755])
def test_the_mode_stays_and_the_time_is_now(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")
    file.chmod(mode)
    os.utime(file, (1, 1))
    replaced(file, b"new")
    assert (file.read_bytes(), file.stat().st_mode & 0o7777, file.stat().st_mtime > 1) == (b"new", mode, True)
    assert os.listdir(tmp_path) == ["file"]


def test_a_new_file_has_the_mode_that_the_umask_gives(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        replaced(tmp_path / "file", b"new")
    finally:
        os.umask(before)
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o640


def test_extended_attributes_and_access_control_lists_stay(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")
    entries = [(1, 6, 2**32 - 1), (acl.USER, 4, 12345), (4, 4, 2**32 - 1), (acl.MASK, 4, 2**32 - 1), (32, 0, 2**32 - 1)]
    packed = struct.pack("<I", acl.VERSION) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    os.setxattr(file, acl.ATTRIBUTE, packed)
    os.setxattr(file, "user.note", b"mine")
    replaced(file, b"new")
    assert (file.read_bytes(), os.getxattr(file, acl.ATTRIBUTE), os.getxattr(file, "user.note")) == (
        b"new",
        packed,
        b"mine",
    )


def test_where_an_attribute_cannot_be_copied_the_file_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")
    os.setxattr(file, "user.note", b"mine")

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no")

    monkeypatch.setattr(os, "setxattr", refused)
    with pytest.raises(CannotReplace):
        replaced(file, b"new")
    assert (file.read_bytes(), os.listdir(tmp_path)) == (b"old", ["file"])


def test_a_group_that_cannot_be_given_stays_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"old")

    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "fchown", refused)
    with pytest.raises(CannotReplace):
        replaced(tmp_path / "file", b"new")
    assert os.listdir(tmp_path) == ["file"]


def test_what_is_mounted_on_the_file_itself_stays_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"old")

    def busy(*_: object) -> None:
        raise OSError(errno.EBUSY, "busy")

    monkeypatch.setattr(os, "replace", busy)
    with pytest.raises(CannotReplace):
        replaced(tmp_path / "file", b"new")
    assert os.listdir(tmp_path) == ["file"]


def test_a_file_with_two_names_or_where_none_can_be_made_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    with reading(str(file)) as seen:
        assert not putting.must_stay(seen)
    file.write_bytes(b"old")
    with reading(str(file)) as seen:
        assert not putting.must_stay(seen)
        monkeypatch.setattr(os, "access", lambda path, _: path != str(tmp_path))
        assert putting.must_stay(seen)
        monkeypatch.undo()
    (tmp_path / "other").hardlink_to(file)
    with reading(str(file)) as seen:
        assert putting.must_stay(seen)


def test_nothing_takes_the_place_of_a_file_that_has_come_meanwhile(tmp_path: Path) -> None:
    file = tmp_path / "file"
    with reading(str(file)) as seen:
        real = seen.is_as_read

        def then() -> bool:
            answer = real()
            file.write_bytes(b"theirs")
            return answer

        seen.is_as_read = then  # type: ignore[method-assign]
        with pytest.raises(Overtaken):
            putting.replace(seen, b"new", putting.temporary_for(str(file)))
    assert (file.read_bytes(), os.listdir(tmp_path)) == (b"theirs", ["file"])


@pytest.mark.parametrize("new", [b"", b"ol", b"old and more", b"new", b"a", b"much longer"])
def test_in_place_the_file_is_the_same_file(tmp_path: Path, new: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")
    (tmp_path / "other").hardlink_to(file)
    with reading(str(file)) as seen:
        putting.write_in_place(seen, new)
    assert (tmp_path / "other").read_bytes() == new
    assert file.samefile(tmp_path / "other")


@pytest.mark.parametrize("new", [b"old and " + b"x" * 10_000, b"new" + b"x" * 10_000])
def test_in_place_what_does_not_fit_leaves_the_old_content(tmp_path: Path, new: bytes) -> None:
    import signal

    file = tmp_path / "file"
    file.write_bytes(b"old")
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    heard = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, limit[1]))
        with reading(str(file)) as seen, pytest.raises(OSError, match="too large"):
            putting.write_in_place(seen, new)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, heard)
    assert file.read_bytes() == b"old"


@pytest.mark.parametrize("how", ["in place", "removed"])
def test_what_was_changed_meanwhile_is_not_touched(tmp_path: Path, how: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")
    with reading(str(file)) as seen:
        file.write_bytes(b"theirs")
        with pytest.raises(Overtaken):
            putting.write_in_place(seen, b"new") if how == "in place" else putting.remove(seen)
    assert file.read_bytes() == b"theirs"
