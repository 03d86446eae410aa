"""A home with a state directory, and a child that edits in it and dies where it is told to."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

from envdoctor.apply import editing, recovery, undoing
from envdoctor.apply.journal import Journal
from envdoctor.apply.state import State, opened
from envdoctor.apply.undoing import Undone
from envdoctor.engine.fix import EditFile

COUNTED = (
    *("open", "write", "fsync", "replace", "link", "unlink", "fchown", "fchmod", "chmod", "utime"),
    *("ftruncate", "close", "setxattr", "mkdir"),
)
"""What changes a disk, or stands between two changes."""


def state_in(home: Path) -> State:
    return opened({"XDG_STATE_HOME": os.environ.get("STATE_OF_TEST", "")}, str(home))


def files(directory: Path) -> dict[str, bytes]:
    """The content of each file below a directory but envdoctor's own state."""
    found = (file for file in directory.rglob("*") if file.is_file() and not file.is_symlink())
    return {str(file.relative_to(directory)): file.read_bytes() for file in found if ".local" not in file.parts}


def write(home: Path, *edits: tuple[str, EditFile]) -> None:
    state = state_in(home)
    for code, edit in edits:
        editing.apply(state, edit, code)


def take_back(home: Path, *codes: str) -> list[Undone]:
    """What the next run does: end what was interrupted, then undo."""
    state = state_in(home)
    with state.locked():
        journal = Journal(state.journal)
        recovery.resolve(journal)
        return undoing.undo(state, journal, frozenset(codes))


def dies_at(number: int, work: Callable[[], object]) -> bool:
    """Do the work in a child that is killed at its n-th call of the system. Answers whether it came so far.

    A write is cut in the middle too: it counts twice.
    """
    child = os.fork()
    if child == 0:
        try:
            _count(number)
            work()
        except BaseException:  # noqa: BLE001 - a child of a test must not go on with the test
            os._exit(70)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert os.waitstatus_to_exitcode(status) in (0, -signal.SIGKILL), status
    return os.WIFSIGNALED(status)


def _count(number: int) -> None:
    left = [number]

    def step() -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            step()
            return real(*arguments, **named)

        return call

    real_write = os.write

    def write_in_two(descriptor: int, content: memoryview) -> int:
        step()
        half = real_write(descriptor, content[: (len(content) + 1) // 2])
        step()
        return half

    for name in COUNTED:
        setattr(os, name, write_in_two if name == "write" else counted(getattr(os, name)))
