"""Run in a child that can be left behind.

A process with a thread that hangs in the kernel does not end, whatever it does; and one that runs code of others in C
hears no signal before that returns. So where a mount may hang or plugins are installed, the work is done by a child;
who was started waits for its exit status, not for its end.
"""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

from envdoctor.system.silent_mounts import alone

PATIENCE = 60.0
"""Seconds that the child may stand still, without the least work, before it counts as hanging in the kernel.

While it waits for a program, within a time limit of that program's own, it may stand still as long as that. While a
plugin runs, it is the time in which nothing else gets to run.
"""
GRACE = 0.7
TICK = 0.1
BEAT = 1.0
SHORT = 0.005
# what the child tells apart from its exit status
WRITING, WAITS, HAS_WAITED, CALLS, HAS_CALLED, BEATS = 255, 254, 253, 252, 251, 250

_above: int | None = None
_to_parent: int | None = None
_beaten = 0.0


class Hanging(Exception):  # noqa: N818 - what there is to say, not a fault
    """The child hangs in the kernel."""


class Computing(Exception):  # noqa: N818 - the same
    """A plugin in the child lets nothing else run."""


def above() -> int:
    """The process that started envdoctor."""
    return os.getppid() if _above is None else _above


def divide(*, among_mounts: bool = True) -> int | None:
    """Go on in a child, where this returns None. In the parent it returns the child's exit status.

    Args:
        among_mounts: whether the child may hang in the kernel.

    Raises:
        Hanging: the child stands still.
        Computing: a plugin computes without end.
    """
    global _above, _to_parent  # noqa: PLW0603 - a process has one parent
    reader, writer = os.pipe()
    _above = os.getppid()
    child = os.fork()
    if child:
        os.close(writer)
        return _Parent(child, reader, among_mounts=among_mounts).status()
    os.close(reader)
    _to_parent = writer
    return None


def writes() -> None:
    """Tell the parent that the document is on its way: now the reader may take all the time there is."""
    _tell(WRITING)


@contextmanager
def waiting() -> Iterator[None]:
    """Meanwhile this thread waits for a program, and for no longer than that program is given."""
    _tell(WAITS)
    try:
        yield
    finally:
        _tell(HAS_WAITED)


@contextmanager
def calling() -> Iterator[None]:
    """Meanwhile code of a plugin runs, which may let nothing else of this process run."""
    _tell(CALLS)
    try:
        yield
    finally:
        _tell(HAS_CALLED)


def beat() -> None:
    """Tell the parent now and then that other code gets to run."""
    global _beaten  # noqa: PLW0603 - a process has one parent
    if _to_parent is not None and (now := time.monotonic()) - _beaten > BEAT:
        _beaten = now
        _tell(BEATS)


def _tell(news: int) -> None:
    if _to_parent is not None:
        with suppress(OSError):
            os.write(_to_parent, bytes([news]))


def end(status: int) -> NoReturn:
    """End at once. A child first lets go of everything that somebody may be waiting for."""
    if _to_parent is not None:
        with suppress(OSError):
            alone(_to_parent)
        _tell(status)
    os._exit(status)


class _Parent:
    """Waits for a child to tell its exit status."""

    def __init__(self, child: int, reader: int, *, among_mounts: bool) -> None:
        self._child, self._reader, self._among_mounts = child, reader, among_mounts
        self._writing = False
        self._waits = self._calls = 0
        self._signalled: tuple[int, float] | None = None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._pass_on)

    def status(self) -> int:
        """Wait for the exit status. Raises Hanging or Computing."""
        work, since = self._work(), time.monotonic()
        heard = since
        while True:
            if select.select((self._reader,), (), (), TICK)[0]:
                told, heard = os.read(self._reader, 1), time.monotonic()
                if not told:
                    return self._died()
                if told[0] < BEATS:
                    return told[0]
                self._hear(told[0])
            done, now = self._work(), time.monotonic()
            if done is None:
                return self._died()
            if done != work or self._writing or self._waits or not self._among_mounts:
                work, since = done, now
            if self._signalled and now - self._signalled[1] > GRACE:
                self._kill()
                return 128 + self._signalled[0]
            if now - since > PATIENCE:
                self._kill()
                raise Hanging
            if self._calls and not self._writing and now - heard > PATIENCE:
                self._kill()
                raise Computing

    def _hear(self, news: int) -> None:
        self._writing |= news == WRITING
        self._waits += {WAITS: 1, HAS_WAITED: -1}.get(news, 0)
        self._calls += {CALLS: 1, HAS_CALLED: -1}.get(news, 0)

    def _pass_on(self, number: int, _: object) -> None:
        self._signalled = self._signalled or (number, time.monotonic())
        with suppress(ProcessLookupError):
            os.kill(self._child, number)

    def _work(self) -> int | None:
        """The time that the child has computed, in the system's ticks; None if it has ended."""
        try:
            with open(f"/proc/{self._child}/stat", "rb") as file:
                fields = file.read().rpartition(b")")[2].split()
        except OSError:
            return None if os.path.exists("/proc/self") else 0  # then the closed pipe tells that it has ended
        return None if fields[0] == b"Z" else int(fields[11]) + int(fields[12])

    def _died(self) -> int:
        """The exit status of a child that has ended, whether it has told it or not."""
        while select.select((self._reader,), (), (), 0)[0] and (told := os.read(self._reader, 1)):
            if told[0] < BEATS:
                return told[0]
        until = time.monotonic() + GRACE  # the pipe closes a moment before the child can be waited for
        with suppress(OSError):
            while time.monotonic() < until:
                pid, how = os.waitpid(self._child, os.WNOHANG)
                if pid:
                    return os.waitstatus_to_exitcode(how) if os.WIFEXITED(how) else 128 + os.WTERMSIG(how)
                time.sleep(SHORT)
        return 3

    def _kill(self) -> None:
        """End the child and the programs that it has asked, and show the cursor that its bar may have hidden."""
        from envdoctor.system.child_processes import kill_those_of

        with suppress(ProcessLookupError):
            os.kill(self._child, signal.SIGKILL)
        kill_those_of(self._child)
        with suppress(OSError):
            if os.isatty(2):
                os.write(2, b"\x1b[?25h")
