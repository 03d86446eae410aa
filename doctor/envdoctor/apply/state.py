"""The directory in which envdoctor keeps what it has written: journal, backups and the lock of all writers."""

from __future__ import annotations

import fcntl
import os
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

PATIENCE = 60.0
"""Seconds to wait until another envdoctor has written what it writes."""
TICK = 0.02
JOURNAL_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


class Refused(Exception):  # noqa: N818 - what there is to say, not a fault
    """Nothing is written; the message is a sentence that says why."""


class State:
    """The state directory, which is there and is the user's own.

    Attributes:
        directory: its path.
        journal: the file of all that was written.
        backups: the directory of files as they were.
    """

    def __init__(self, directory: str) -> None:
        self.directory = directory
        self.journal = os.path.join(directory, "journal.jsonl")
        self.backups = os.path.join(directory, "backups")

    @contextmanager
    def locked(self, patience: float = PATIENCE) -> Iterator[None]:
        """Be the only envdoctor that writes. Raises Refused where another one does not come to its end."""
        path = os.path.join(self.directory, "lock")
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
        except OSError as error:
            raise Refused(f"{path} cannot be opened: {error.strerror or error}") from error
        try:
            deadline = time.monotonic() + patience
            while not _taken(descriptor):
                if time.monotonic() > deadline:
                    raise Refused(f"another envdoctor has been writing for more than {patience:.0f} seconds")
                time.sleep(TICK)
            yield
        finally:
            os.close(descriptor)


def directory_of(env: Mapping[str, str], home: str | None) -> str | None:
    """Where the state is kept: by XDG_STATE_HOME if it is absolute, else below the home; None without any."""
    base = env.get("XDG_STATE_HOME", "")
    if not os.path.isabs(base):
        if home is None:
            return None
        base = os.path.join(home, ".local", "state")
    return os.path.join(base, "envdoctor")


def opened(env: Mapping[str, str], home: str | None) -> State:
    """The state, its directories made where they are missing. Raises Refused."""
    directory = directory_of(env, home)
    if directory is None:
        raise Refused("neither HOME nor XDG_STATE_HOME says where to keep a record of what is written")
    state = State(directory)
    try:
        os.makedirs(os.path.dirname(directory), 0o700, exist_ok=True)
        for place in (directory, state.backups):
            _made(place)
        os.close(os.open(state.journal, JOURNAL_FLAGS, 0o600))  # what cannot be written is found before all else
    except OSError as error:
        raise Refused(f"no record can be kept in {directory}: {error.strerror or error}") from error
    return state


def _made(place: str) -> None:
    """Make a directory that is the user's alone. Raises Refused for one that is not, and OSError."""
    try:
        os.mkdir(place, 0o700)
    except FileExistsError:
        found = os.stat(place)
        if not stat.S_ISDIR(found.st_mode):
            raise Refused(f"{place} is no directory") from None
        if found.st_uid != os.geteuid():
            raise Refused(f"{place} belongs to user {found.st_uid}") from None
        if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise Refused(f"{place} may be written by others") from None


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:  # some network drives know no locks
        raise Refused(f"no file can be locked in the directory of the record: {error.strerror or error}") from error
    return True
