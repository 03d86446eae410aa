"""Write a document so that a reader finds the old one or the new one, whole, whatever happens meanwhile.

A regular file is written beside its place and then put there in one step. What is no regular file cannot be replaced
and is written to: a terminal, a pipe, what the shell calls `/dev/stdout` or `/dev/fd/3`.
"""

from __future__ import annotations

import contextlib
import os
import select
import stat
import time
from collections.abc import Iterator

from envdoctor.text.patterns import pattern

OPEN_ALREADY = pattern(r"/dev/(stdin|stdout|stderr|fd/[0-9]+)|/proc/(self|thread-self|[0-9]+)/fd/[0-9]+")
STANDARD = {"stdin": 0, "stdout": 1, "stderr": 2}
PATIENCE = 5.0
"""Seconds to wait for somebody to read from a pipe, and for each further piece to be read."""
DEEPEST = 40

_unfinished: set[str] = set()


def write_document(path: str, document: str) -> None:
    """Put a document where a path leads. Raises OSError with a reason to show; the old file is then as it was."""
    content = document.encode("utf-8", "backslashreplace")
    path = _behind_links(path)
    descriptor = _open_already(path)
    if descriptor is not None:
        _write(os.dup(descriptor), content)
        return
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        mode = None
    if mode is not None and stat.S_ISDIR(mode):
        raise OSError("it is a directory")
    if mode is None or stat.S_ISREG(mode):
        _replace(path, content)
    else:
        _write(_opened(path), content)


def discard_unfinished() -> None:
    """Remove what was being written: the process is about to end at once."""
    for path in tuple(_unfinished):
        with contextlib.suppress(OSError):
            os.unlink(path)


def _behind_links(path: str) -> str:
    """Where links lead, one by one: what is open already is known by its name, not by the file behind it."""
    for _ in range(DEEPEST):
        if OPEN_ALREADY.fullmatch(path) or not os.path.islink(path):
            return path
        path = os.path.join(os.path.realpath(os.path.dirname(path)), os.readlink(path))
    raise OSError("too many levels of links")


def _open_already(path: str) -> int | None:
    """The number of the open file that a path stands for. Another process's files are opened by their names."""
    match = OPEN_ALREADY.fullmatch(path)
    if match is None or match[2] not in (None, "self", "thread-self", str(os.getpid())):
        return None
    name = os.path.basename(path)
    return STANDARD[name] if name in STANDARD else int(name)


def _opened(path: str) -> int:
    """A descriptor of what is no regular file. A pipe by name waits for its reader, though not without end."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            if not stat.S_ISFIFO(os.stat(path).st_mode) or isinstance(error, PermissionError):
                raise
            if time.monotonic() > deadline:
                raise OSError("nobody reads from this pipe") from error
        time.sleep(0.02)


def _write(descriptor: int, content: bytes) -> None:
    """Write everything and close the descriptor. A pipe that nobody empties is given up; a reader may leave early."""
    rest = memoryview(content)
    try:
        while rest:
            try:
                rest = rest[os.write(descriptor, rest[: select.PIPE_BUF]) :]
            except BlockingIOError:
                if not select.select((), (descriptor,), (), PATIENCE)[1]:
                    raise OSError("nobody reads from this pipe") from None
            except BrokenPipeError:
                return
    finally:
        os.close(descriptor)


def _replace(path: str, content: bytes) -> None:
    if os.path.exists(path) and not os.access(path, os.W_OK):
        raise PermissionError("you may not write to it")
    directory = os.path.dirname(path) or "."
    with _beside(directory) as (descriptor, temporary):
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        _take_over(path, descriptor)
        os.fsync(descriptor)
        os.replace(temporary, path)


@contextlib.contextmanager
def _beside(directory: str) -> Iterator[tuple[int, str]]:
    """A new file in a directory, removed again unless it has been put into its place."""
    temporary = os.path.join(directory, f".envdoctor-{os.getpid()}-{time.monotonic_ns()}.tmp")
    _unfinished.add(temporary)  # first, so that a signal finds it
    try:
        descriptor = _created(temporary)
        try:
            yield descriptor, temporary
        finally:
            os.close(descriptor)
    finally:
        discard_unfinished()
        _unfinished.discard(temporary)


def _created(path: str) -> int:
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise OSError(f"no file can be made in {os.path.dirname(path)}: {error.strerror}") from error


def _take_over(path: str, descriptor: int) -> None:
    """Give the new file the mode of the old one, and its owner where this user may."""
    try:
        old = os.stat(path)
    except FileNotFoundError:
        return
    with contextlib.suppress(PermissionError):
        os.fchown(descriptor, old.st_uid, old.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(old.st_mode))
