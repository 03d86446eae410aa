"""How is a file read that may be anything: huge, binary, a FIFO, a device, a loop of links, not ours to read?"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

LIMIT = 4_000_000
KERNEL = ("/proc/", "/sys/")
NO_ACCESS_TIME = getattr(os, "O_NOATIME", 0)


class Unreadable(Exception):  # noqa: N818 - an answer about a file, which names the file and the reason
    """A file cannot be used: the message is `path: reason`.

    Attributes:
        path: the file.
        reason: why, in a few words.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class NotText(Unreadable):
    """A file can be read, and is no text in UTF-8."""


@contextmanager
def open_regular(path: str) -> Iterator[int]:
    """A descriptor of a regular file, open for reading. Never blocks. Raises Unreadable, for errors inside too."""
    try:
        descriptor = _open(path)
    except (OSError, ValueError) as error:
        raise Unreadable(path, _reason(error)) from error
    try:
        seen = os.fstat(descriptor)
        if not stat.S_ISREG(seen.st_mode):
            raise Unreadable(path, "not a regular file")
        if seen.st_size == 0 and not path.startswith(KERNEL) and seen.st_dev in _devices_of_the_kernel():
            raise Unreadable(path, "a file of the kernel")
        yield descriptor
    except OSError as error:
        raise Unreadable(path, _reason(error)) from error
    finally:
        os.close(descriptor)


def read_head(path: str, size: int) -> bytes:
    """The first `size` bytes of a regular file. Never blocks. Raises Unreadable."""
    with open_regular(path) as descriptor, open(descriptor, "rb", closefd=False) as file:
        content: bytes | None = file.read(size)
        if content is None:
            raise BlockingIOError(None, "nothing can be read without waiting")
        return content


def read_bytes(path: str, limit: int = LIMIT) -> bytes:
    """All of a regular file of at most `limit` bytes. Raises Unreadable."""
    content = read_head(path, limit + 1)
    if len(content) > limit:
        raise Unreadable(path, f"larger than {limit:,} bytes")
    return content


def read_text(path: str, limit: int = LIMIT) -> str:
    """All of a UTF-8 text file (a byte order mark is dropped, line ends as they are). Raises Unreadable."""
    content = read_bytes(path, limit)
    if b"\0" in content:
        raise NotText(path, "a binary file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise NotText(path, f"line {line} is not UTF-8") from error


def real_path(path: str) -> str:
    """Where a path leads; the path itself if no file can have such a name."""
    try:
        return os.path.realpath(path)
    except ValueError:  # a NUL byte, or half of a character
        return path


def _open(path: str) -> int:
    """Open a file so that its time of last access stays as it is, where the system lets this user."""
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        return os.open(path, flags | NO_ACCESS_TIME)
    except PermissionError:  # another user's file: unless it may not be read at all, it is read in the usual way
        return os.open(path, flags)


def _devices_of_the_kernel() -> set[int]:
    """Where files are that the kernel makes up. Some wait for news, or lose what has once been read: /proc/kmsg."""
    return {os.stat(place).st_dev for place in KERNEL if os.path.isdir(place)}


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)


def are_unique(found: Iterable[str], lines: Sequence[str]) -> bool:
    """Whether the lines of a file hold each of these no more often than these do, so that they go by their text."""
    mine = Counter(found)
    return mine == Counter(line for line in lines if line in mine)
