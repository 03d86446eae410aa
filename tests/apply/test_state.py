"""Where envdoctor keeps what it has written, and when it refuses to."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from envdoctor.apply.journal import Journal
from envdoctor.apply.state import Refused, State, directory_of, opened


def test_it_is_where_the_user_keeps_state() -> None:
    assert directory_of({"XDG_STATE_HOME": "/var/me"}, "/home/ada") == "/var/me/envdoctor"
    assert directory_of({"XDG_STATE_HOME": "relative"}, "/home/ada") == "/home/ada/.local/state/envdoctor"
    assert directory_of({"XDG_STATE_HOME": ""}, "/home/ada") == "/home/ada/.local/state/envdoctor"
    assert directory_of({}, None) is None


def test_it_is_made_for_the_user_alone(tmp_path: Path) -> None:
    state = opened({}, str(tmp_path))
    assert {oct(os.stat(place).st_mode)[-3:] for place in (state.directory, state.backups)} == {"700"}
    assert opened({}, str(tmp_path)).directory == state.directory


def test_without_a_home_nothing_is_written() -> None:
    with pytest.raises(Refused, match="neither HOME nor XDG_STATE_HOME"):
        opened({}, None)


def test_what_others_may_write_is_no_record(tmp_path: Path) -> None:
    opened({}, str(tmp_path))
    place = tmp_path / ".local/state/envdoctor"
    place.chmod(0o777)
    with pytest.raises(Refused, match="may be written by others"):
        opened({}, str(tmp_path))


def test_another_users_directory_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened({}, str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(Refused, match=f"belongs to user {os.getuid()}"):
        opened({}, str(tmp_path))


@pytest.mark.parametrize("name", ["", "backups"])
def test_a_file_in_its_place_is_said(tmp_path: Path, name: str) -> None:
    place = tmp_path / ".local/state/envdoctor" / name
    place.parent.mkdir(parents=True)
    place.write_text("")
    with pytest.raises(Refused, match="is no directory"):
        opened({}, str(tmp_path))


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo, lambda path: os.symlink("/dev/null", path)])
def test_a_journal_that_is_none_is_said_and_nobody_waits(tmp_path: Path, make: Callable[[str], None]) -> None:
    state = opened({}, str(tmp_path))
    os.unlink(state.journal)
    make(state.journal)
    with pytest.raises(Refused, match=r"no record can be kept|cannot be read"):
        Journal(opened({}, str(tmp_path)).journal)


def test_a_lock_that_is_none_is_said(tmp_path: Path) -> None:
    state = opened({}, str(tmp_path))
    os.symlink("/dev/null", os.path.join(state.directory, "lock"))
    with pytest.raises(Refused, match="lock cannot be opened"), state.locked():
        raise AssertionError


def test_where_nothing_can_be_locked_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = opened({}, str(tmp_path))

    def unable(*_: object) -> None:
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr(fcntl, "flock", unable)
    with pytest.raises(Refused, match="can be locked"), state.locked():
        raise AssertionError


def test_one_writes_at_a_time_and_nobody_waits_for_ever(tmp_path: Path) -> None:
    state = opened({}, str(tmp_path))
    with state.locked(), pytest.raises(Refused, match="another envdoctor has been writing"), state.locked(0.05):
        raise AssertionError
    with State(state.directory).locked(0.05):
        pass
