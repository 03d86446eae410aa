"""Which processes are there: the ones above this one, and what can be read about any of them?

Linux tells through files, which costs next to nothing. Elsewhere psutil is asked; it is imported only then.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

import msgspec

from envdoctor.system import supervision

PROC = "/proc"
DEEPEST = 64


class Process(msgspec.Struct, frozen=True):
    """One process.

    Attributes:
        pid: its number.
        name: its short name, `bash`; for a login shell too.
        exe: the file it runs; None where the system does not tell.
        argv: its argument vector; empty where the system does not tell.
        terminal: the terminal it reads from, `/dev/pts/3`; None if it reads from none, or the system does not tell.
        started: when it was started, in seconds since 1970; None where the system does not tell.
    """

    pid: int
    name: str
    exe: str | None = None
    argv: tuple[str, ...] = ()
    terminal: str | None = None
    started: float | None = None


def in_files() -> bool:
    """Whether the system tells about processes in files, so that to look at all of them is cheap."""
    return os.path.exists(f"{PROC}/self/environ")


def above() -> tuple[Process, ...]:
    """The processes above this one, nearest first; none where the system tells nothing, as without `/proc`."""
    return tuple(_above_in_proc() if in_files() else _above_by_psutil())


def environment(pid: int) -> dict[str, str] | None:
    """The environment that a process was started with; None where this user may not see it.

    What the process has changed since then does not show.
    """
    if not in_files():
        return _environment_by_psutil(pid)
    try:
        content = _read(pid, "environ")
    except OSError:
        return None
    pairs = (entry.partition("=") for entry in content.split("\0"))
    return {name: value for name, equals, value in pairs if equals}


def running() -> Iterator[int]:
    """The numbers of all processes."""
    if in_files():
        yield from (int(name) for name in os.listdir(PROC) if name.isdecimal())
    else:
        yield from _running_by_psutil()


def with_variable(name: str, beginning: str) -> Iterator[int]:
    """The numbers of the processes, younger than this one, that were given this variable with a value beginning so.

    Older ones are not even looked at: to read from a process that hangs in the kernel can hang, too.
    """
    if not in_files():
        yield from _with_variable_by_psutil(name, beginning)
        return
    wanted = os.fsencode(f"\0{name}={beginning}")
    own_start = _status(os.getpid())[2]
    for pid in running():
        with contextlib.suppress(OSError, ValueError, IndexError):
            if _status(pid)[2] >= own_start and wanted in b"\0" + _read_bytes(pid, "environ"):
                yield pid


def _above_in_proc() -> Iterator[Process]:
    pid = supervision.above()
    for _ in range(DEEPEST):
        try:
            name, parent, ticks = _status(pid)
        except (OSError, ValueError, IndexError):
            return  # gone meanwhile, or in a namespace above this one
        yield Process(pid, name, _exe(pid), _argv(pid), _terminal(pid), _moment(ticks))
        pid = parent


def _status(pid: int) -> tuple[str, int, int]:
    """Name, parent and start (in clock ticks since the machine was started). The name may hold spaces and brackets."""
    before, _, after = _read(pid, "stat").rpartition(")")
    fields = after.split()
    return before.partition("(")[2], int(fields[1]), int(fields[19])


def _argv(pid: int) -> tuple[str, ...]:
    try:
        line = _read(pid, "cmdline")
    except OSError:
        return ()
    return tuple(line.removesuffix("\0").split("\0")) if line else ()


def _exe(pid: int) -> str | None:
    try:
        return os.readlink(f"{PROC}/{pid}/exe").removesuffix(" (deleted)")
    except OSError:
        return None  # a kernel thread, or another user's


def _terminal(pid: int) -> str | None:
    try:
        source = os.readlink(f"{PROC}/{pid}/fd/0")
    except OSError:
        return None
    return source if source.startswith(("/dev/pts/", "/dev/tty", "/dev/console")) else None


def _moment(ticks: int) -> float | None:
    import time

    try:
        return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME) + ticks / os.sysconf("SC_CLK_TCK")
    except (AttributeError, OSError, ValueError):
        return None


def _read(pid: int, file: str) -> str:
    return os.fsdecode(_read_bytes(pid, file))


def _read_bytes(pid: int, file: str) -> bytes:
    with open(f"{PROC}/{pid}/{file}", "rb") as content:
        return content.read()


def _above_by_psutil() -> Iterator[Process]:
    import psutil

    with contextlib.suppress(psutil.Error, OSError):
        for process in psutil.Process().parents()[:DEEPEST]:
            known = process.as_dict(("name", "exe", "cmdline", "terminal", "create_time"))
            argv = tuple(known["cmdline"] or ())
            yield Process(
                process.pid, known["name"] or "?", known["exe"] or None, argv, known["terminal"], known["create_time"]
            )


def _running_by_psutil() -> Iterator[int]:
    import psutil

    with contextlib.suppress(psutil.Error, OSError):
        yield from psutil.pids()


def _environment_by_psutil(pid: int) -> dict[str, str] | None:
    import psutil

    try:
        return psutil.Process(pid).environ() or None
    except (psutil.Error, OSError):
        return None


def _with_variable_by_psutil(name: str, beginning: str) -> Iterator[int]:
    import psutil

    with contextlib.suppress(psutil.Error, OSError):
        own_start = psutil.Process().create_time()
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                if process.create_time() >= own_start and process.environ().get(name, "").startswith(beginning):
                    yield process.pid
