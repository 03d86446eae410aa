"""How is another program asked, without ever hanging, leaking a process or drowning in output?

Every child runs in a process group of its own with its input closed. When it ends, is too slow or says too much, the
whole group is killed. A descendant that has left the group is recognised by a marker in its environment.
"""

from __future__ import annotations

import contextlib
import enum
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping

import msgspec

MARKER = "ENVDOCTOR_CHILD"
OUTPUT_LIMIT = 1_000_000
GRACE = 0.2


class Ending(enum.Enum):
    """How a child process came to its end."""

    EXITED = "exited"
    TIMED_OUT = "timed out"
    TOO_MUCH_OUTPUT = "too much output"
    NOT_STARTED = "could not be started"


class Completed(msgspec.Struct, frozen=True):
    """What came of a child process.

    Attributes:
        argv: what was run.
        ending: how it ended.
        status: the exit status, negative for a signal; None unless it exited by itself.
        stdout: what it printed, undecodable bytes as surrogate escapes, at most `OUTPUT_LIMIT` bytes.
        stderr: the same for its error output; why it could not be started, if it could not.
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


def run(argv: tuple[str, ...], env: Mapping[str, str], cwd: str, timeout: float) -> Completed:
    """Run a program to its end, at most `timeout` seconds, and leave no process behind."""
    marker = f"{os.getpid()}-{time.monotonic_ns()}"
    try:
        child = subprocess.Popen(
            argv,
            env={**env, MARKER: marker},
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        return Completed(argv, Ending.NOT_STARTED, stderr=str(error))
    with child:
        ending, stdout, stderr = _read(child, time.monotonic() + timeout)
        clean = ending is Ending.EXITED and child.poll() is not None
        _kill_group(child.pid)
        child.wait()
    if not clean:
        _kill_marked(marker)
    status = child.returncode if ending is Ending.EXITED else None
    return Completed(argv, ending, status, _text(stdout), _text(stderr))


def _read(child: subprocess.Popen[bytes], deadline: float) -> tuple[Ending, bytes, bytes]:
    """Collect both outputs until the child is gone, the deadline has passed or a limit is reached."""
    assert child.stdout is not None  # noqa: S101 - both are pipes, as `run` has asked
    assert child.stderr is not None  # noqa: S101
    outputs = {child.stdout.fileno(): bytearray(), child.stderr.fileno(): bytearray()}
    first, second = outputs.values()
    ending = Ending.EXITED
    with selectors.DefaultSelector() as selector:
        for descriptor in outputs:
            selector.register(descriptor, selectors.EVENT_READ)
        while selector.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                ending = Ending.EXITED if child.poll() is not None else Ending.TIMED_OUT
                break
            ready = selector.select(min(left, GRACE))
            if not ready and child.poll() is not None:
                break  # the program is gone; what still holds the pipe is a descendant that it left behind
            for key, _ in ready:
                chunk = os.read(key.fd, 65_536)
                outputs[key.fd] += chunk
                if not chunk:
                    selector.unregister(key.fd)
            if max(map(len, outputs.values())) > OUTPUT_LIMIT:
                ending = Ending.TOO_MUCH_OUTPUT
                break
        else:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(deadline - time.monotonic(), GRACE))
            if child.poll() is None:
                ending = Ending.TIMED_OUT
    return ending, bytes(first), bytes(second)


def _kill_group(group: int) -> None:
    """Kill what is left of a child's process group; the group's number cannot be reused before the child is reaped."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _kill_marked(marker: str) -> None:
    """Kill descendants that left the group: they still carry the marker in their environment."""
    import psutil

    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(MARKER) == marker:
                process.kill()


def _text(output: bytes) -> str:
    return output[:OUTPUT_LIMIT].decode("utf-8", "surrogateescape")
