"""Which files may be edited at all."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from envdoctor.apply.state import Refused
from envdoctor.apply.target import digest, reading, real_file
from envdoctor.text import limits


def socket_at(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        os.chdir(path.parent)
        made.bind(path.name)


@pytest.fixture(autouse=True)
def stays_here() -> object:
    here = os.getcwd()
    yield
    os.chdir(here)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (os.mkfifo, "is no regular file"),
        (os.mkdir, "is a directory"),
        (socket_at, "cannot be read: it is no file"),
        (lambda path: path.symlink_to("/dev/null"), "/dev/null is no regular file"),
        (lambda path: path.symlink_to("/dev/tty"), "/dev/tty"),
        (lambda path: path.symlink_to(path.name), "cannot be read: it is a link that leads nowhere"),
        (lambda path: path.symlink_to("other/.bashrc"), "other is not there"),
        (lambda path: path.write_bytes(b"a\0b"), "is a binary file"),
        (lambda path: path.write_bytes(b"a" * (limits.FILE + 1)), "is larger than 4,000,000 bytes"),
        (lambda path: (path.write_bytes(b"a"), path.chmod(0o444)), "is read-only"),
        (lambda path: path.symlink_to("/proc/self/environ"), "/proc/"),
    ],
)
def test_what_is_no_file_of_ones_own_is_not_edited(tmp_path: Path, make: Callable[[Path], object], reason: str) -> None:
    file = tmp_path / "home" / ".bashrc"
    file.parent.mkdir()
    make(file)
    with pytest.raises(Refused, match=reason.replace("(", r"\(")), reading(os.path.realpath(file)):
        raise AssertionError


def test_another_users_file_is_not_edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".bashrc"
    file.write_bytes(b"a\n")
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(Refused, match=f"belongs to user {os.getuid()}"), reading(str(file)):
        raise AssertionError


def test_a_file_is_followed_to_where_it_really_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, dotfiles = tmp_path / "home", tmp_path / "dotfiles"
    for directory in (home, dotfiles):
        directory.mkdir()
    (dotfiles / "bashrc").write_bytes(b"a\n")
    (home / ".bashrc").symlink_to("../dotfiles/bashrc")
    monkeypatch.setenv("HOME", str(home))
    assert real_file(str(home / ".bashrc")) == str(dotfiles / "bashrc")


def test_a_link_that_a_project_brings_along_is_not_followed_out_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    clone = tmp_path / "home" / "clone"
    (clone / ".git").mkdir(parents=True)
    (clone / "conf").mkdir()
    (clone / ".python-version").symlink_to("../.bashrc")
    (clone / "pip.conf").symlink_to("conf/pip.conf")
    with pytest.raises(Refused, match="leads out of its project to"):
        real_file(str(clone / ".python-version"))
    assert real_file(str(clone / "pip.conf")) == str(clone / "conf" / "pip.conf")


def test_nor_is_a_directory_that_is_a_link_or_a_clone_among_dot_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("HOME", str(home))
    for clone in (home / "clone", home / ".local" / "src" / "clone"):
        (clone / ".git").mkdir(parents=True)
        (clone / "sub").symlink_to(home)
        (clone / "pin").symlink_to(home / ".bashrc")
        for named in (clone / "sub" / ".bashrc", clone / "pin"):
            with pytest.raises(Refused, match="leads out of its project to"):
                real_file(str(named))


def test_a_home_that_is_reached_by_a_link_and_is_a_repository_is_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real" / ".git").mkdir(parents=True)
    (tmp_path / "home").symlink_to("real")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "elsewhere").write_bytes(b"")
    (tmp_path / "real" / ".bashrc").symlink_to(tmp_path / "elsewhere")
    assert real_file(str(tmp_path / "home" / ".bashrc")) == str(tmp_path / "elsewhere")
    assert real_file(str(tmp_path / "home" / "project" / "pin")) == str(tmp_path / "real" / "project" / "pin")


def test_a_file_that_is_not_there_has_its_place(tmp_path: Path) -> None:
    with reading(str(tmp_path / ".bashrc")) as seen:
        assert (seen.content, seen.status, seen.is_as_read(), seen.late()) == (None, None, True, None)
        (tmp_path / ".bashrc").write_bytes(b"")
        assert not seen.is_as_read()
    assert (digest(None), digest(b"")) == (None, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")


@pytest.mark.parametrize("do", ["append", "replace", "remove", "touch"])
def test_whatever_happens_meanwhile_is_seen(tmp_path: Path, do: str) -> None:
    file = tmp_path / ".bashrc"
    file.write_bytes(b"a\n")
    with reading(str(file)) as seen:
        assert seen.is_as_read()
        match do:
            case "append":
                file.write_bytes(b"a\nb\n")
                assert seen.late() == b"a\nb\n"
            case "replace":
                (tmp_path / "new").write_bytes(b"a\n")
                (tmp_path / "new").rename(file)
                assert seen.late() is None
            case "remove":
                file.unlink()
            case _:
                os.utime(file, (1, 1))
        assert not seen.is_as_read()
