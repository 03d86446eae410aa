"""How is another program asked, without ever hanging, leaking a process or drowning in output?

Every child runs in a session and process group of its own with its input closed. When it ends, is too slow or says too
much, the whole group is killed. A descendant that has left the group is recognised by a marker in its environment.
"""

from __future__ import annotations

import contextlib
import enum
import itertools
import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping

import msgspec

from envdoctor.system import processes, silent_mounts, supervision
from envdoctor.text import limits

MARKER = "ENVDOCTOR_CHILD"
GRACE = 0.2
TICK = 0.05


class Ending(enum.Enum):
    """How a child process came to its end."""

    EXITED = "exited"
    TIMED_OUT = "timed out"
    TOO_MUCH_OUTPUT = "too much output"
    NOT_STARTED = "could not be started"
    REFUSED = "may not be run"


class Completed(msgspec.Struct, frozen=True):
    """What came of a child process.

    Attributes:
        argv: what was run.
        ending: how it ended.
        status: the exit status, negative for a signal; None unless it exited by itself.
        stdout: what it printed, undecodable bytes as surrogate escapes, at most `limits.OUTPUT` bytes.
        stderr: the same for its error output; why it was not started, if it was not.
    """

    argv: tuple[str, ...]
    ending: Ending
    status: int | None = None
    stdout: str = ""
    stderr: str = ""

    @property
    def ok(self) -> bool:
        """Whether it exited by itself with status 0."""
        return self.status == 0


_run_marker = f"{os.getpid()}-{time.monotonic_ns()}-"
"""The process that asks is named first: see `kill_those_of`."""
_serial = itertools.count(1)
_running: set[subprocess.Popen[bytes]] = set()
_stopped = threading.Event()
_starting = threading.Condition()
_being_started = 0


def run(argv: tuple[str, ...], env: Mapping[str, str], cwd: str, timeout: float, *, endless: bool = False) -> Completed:
    """Run a program to its end, at most `timeout` seconds, and leave no process behind. Raises Unanswered.

    What prints too much is ended, unless it may print without end: then the last of it is kept.
    """
    for place in (argv[0], cwd):
        silent_mounts.touch(place)
    marker = f"{_run_marker}{next(_serial)}-"
    try:
        child = _start(argv, {**env, MARKER: marker}, cwd)
    except OSError as error:
        return Completed(argv, Ending.NOT_STARTED, stderr=f"{error.strerror}: {error.filename or argv[0]}")
    except ValueError as error:  # a NUL byte in an argument
        return Completed(argv, Ending.NOT_STARTED, stderr=str(error))
    if child is None:
        return Completed(argv, Ending.NOT_STARTED, stderr="envdoctor has been interrupted")
    reading = _Reading(child, endless=endless)
    try:
        with supervision.waiting():
            ending = reading.until(time.monotonic() + timeout)
    finally:
        _end(child, marker, alone=reading.complete and _exited(child))
    status = child.returncode if ending is Ending.EXITED else None
    return Completed(argv, ending, status, _text(reading.stdout), _text(reading.stderr))


def _start(argv: tuple[str, ...], env: Mapping[str, str], cwd: str) -> subprocess.Popen[bytes] | None:
    """Start a program in a group of its own; None if nothing shall be started any more. Raises as Popen does."""
    global _being_started  # noqa: PLW0603 - one process has one set of children
    with _starting:
        if _stopped.is_set():
            return None
        _being_started += 1
    try:
        child = subprocess.Popen(
            argv,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        _running.add(child)
        return child
    finally:
        with _starting:
            _being_started -= 1
            _starting.notify_all()


def stop() -> None:
    """Kill all that still runs, start nothing more, and look for what a child has left behind unseen.

    A daemon that has closed its outputs leaves no trace in `run`. Where to look around is expensive, it is done only if
    something was still running.
    """
    with _starting:
        _stopped.set()
        _starting.wait_for(lambda: not _being_started, GRACE)  # bounded: to start a program may hang on a dead drive
    interrupted = tuple(_running)
    for child in interrupted:
        _kill_group(child)
    if interrupted or (next(_serial) > 1 and processes.in_files()):
        _kill_marked(_run_marker)


@contextlib.contextmanager
def marking() -> Iterator[None]:
    """While a library starts programs by itself: these are killed, too, where the run is interrupted."""
    os.environ[MARKER] = f"{_run_marker}{next(_serial)}-"
    try:
        yield
    finally:
        del os.environ[MARKER]


def kill_those_of(pid: int) -> None:
    """Kill the programs that another process has asked, which has ended without doing so."""
    _kill_marked(f"{pid}-")


class _Reading:
    """Collects both outputs of a child.

    Attributes:
        stdout: what came from its output.
        stderr: what came from its error output.
        complete: whether both have been read to their end, that is, nobody holds them any more.
    """

    def __init__(self, child: subprocess.Popen[bytes], *, endless: bool = False) -> None:
        assert child.stdout is not None  # noqa: S101 - both are pipes, as `run` has asked
        assert child.stderr is not None  # noqa: S101
        self.child = child
        self.stdout = bytearray()
        self.stderr = bytearray()
        self.complete = False
        self._endless = endless
        self._outputs = {child.stdout.fileno(): self.stdout, child.stderr.fileno(): self.stderr}

    def until(self, deadline: float) -> Ending:
        """Read until the child is gone, the deadline has passed or a limit is reached."""
        with selectors.DefaultSelector() as selector:
            for descriptor in self._outputs:
                selector.register(descriptor, selectors.EVENT_READ)
            while selector.get_map():
                if _exited(self.child):  # whoever holds the pipes now was left behind by it, and is not waited for
                    deadline = min(deadline, time.monotonic() + GRACE)
                left = deadline - time.monotonic()
                if left <= 0:
                    return Ending.EXITED if _exited(self.child) else Ending.TIMED_OUT
                for key, _ in selector.select(min(left, TICK)):
                    chunk = os.read(key.fd, 65_536)
                    self._outputs[key.fd] += chunk
                    if not chunk:
                        selector.unregister(key.fd)
                if max(map(len, self._outputs.values())) > limits.OUTPUT:
                    if not self._endless:
                        return Ending.TOO_MUCH_OUTPUT
                    for output in self._outputs.values():
                        del output[: -limits.OUTPUT // 2]
        self.complete = True
        return Ending.EXITED if _wait(self.child, deadline) else Ending.TIMED_OUT


def _exited(child: subprocess.Popen[bytes]) -> bool:
    """Whether the child has exited. It is not reaped, so that its group's number stays its own until `_end`."""
    if not hasattr(os, "waitid"):  # macOS before Python 3.13
        return child.poll() is not None
    try:
        return os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def _wait(child: subprocess.Popen[bytes], deadline: float) -> bool:
    """Wait for the child to exit, without reaping it. Answers whether it did."""
    pause = 0.0005
    while not _exited(child):
        if time.monotonic() >= deadline:
            return False
        time.sleep(pause)
        pause = min(pause * 2, TICK)
    return True


def _end(child: subprocess.Popen[bytes], marker: str, *, alone: bool) -> None:
    """Kill what is left of a child and reap it. `alone` says that nothing points to a descendant outside its group."""
    _kill_group(child)
    if not alone:
        _kill_marked(marker)
    _running.discard(child)  # before its number can belong to somebody else
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(GRACE)  # bounded: a process that hangs inside the kernel, on a dead network drive, cannot be killed
    for output in (child.stdout, child.stderr):
        if output is not None:
            output.close()


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def _kill_marked(marker: str) -> None:
    """Kill all that carry a marker that begins so, until a look around finds none: they may be forking meanwhile."""
    for _ in range(10):
        found = tuple(processes.with_variable(MARKER, marker))
        if not found:
            return
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)


def _text(output: bytearray) -> str:
    return output[: limits.OUTPUT].decode("utf-8", "surrogateescape")
