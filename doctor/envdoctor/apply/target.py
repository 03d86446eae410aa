"""The real file that an edit changes, as it is now: followed through links, the user's own, and nothing but a file."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from envdoctor.apply.state import Refused
from envdoctor.system.files import leads_out_of_project, real_path
from envdoctor.text import limits

FLAGS = os.O_NONBLOCK | os.O_NOFOLLOW | os.O_NOCTTY | os.O_CLOEXEC
Identity = tuple[int, int, int, int]


class Seen:
    """A file that was read and is still open.

    Attributes:
        path: where it is, without links.
        content: what was in it; None if it is not there.
        status: its status when it was read; None if it is not there.
    """

    def __init__(self, path: str, descriptor: int | None = None) -> None:
        self.path = path
        self.content: bytes | None = None
        self.status: os.stat_result | None = None
        self._descriptor = descriptor
        if descriptor is not None:
            self.status = os.fstat(descriptor)
            self.content = os.pread(descriptor, limits.FILE + 1, 0)

    def is_as_read(self) -> bool:
        """Whether the path still leads to this file, and nobody has written to it."""
        try:
            now = os.lstat(self.path)
        except FileNotFoundError:
            return self.status is None
        return self.status is not None and _identity(now) == _identity(self.status)

    def late(self) -> bytes | None:
        """What this file holds if it was written to after it was read, though it is no longer in its place; else None.

        Who had opened it to append a line before it was replaced has written into a file that nobody finds any more.
        """
        if self._descriptor is None or self.status is None:
            return None
        now = os.fstat(self._descriptor)
        if (now.st_size, now.st_mtime_ns) == (self.status.st_size, self.status.st_mtime_ns):
            return None
        return os.pread(self._descriptor, limits.FILE + 1, 0)


def digest(content: bytes | None) -> str | None:
    """The sha256 of a content; None where there is no file."""
    return None if content is None else hashlib.sha256(content).hexdigest()


def real_file(named: str) -> str:
    """Where a path leads. Raises Refused where it must not be followed."""
    real = real_path(named)
    if leads_out_of_project(named):
        raise Refused(f"{named} leads out of its project to {real}")
    return real


@contextmanager
def reading(path: str) -> Iterator[Seen]:
    """A file that may be edited, or the place of one that is not there. Raises Refused."""
    try:
        descriptor = os.open(path, os.O_RDONLY | FLAGS)
    except FileNotFoundError:
        if not os.path.isdir(os.path.dirname(path)):
            raise Refused(f"{os.path.dirname(path)} is not there") from None
        yield Seen(path)
        return
    except (OSError, ValueError) as error:
        raise Refused(f"{path} cannot be read: {_reason(error)}") from error
    try:
        if reason := _forbidden(path, os.fstat(descriptor)):
            raise Refused(f"{path} {reason}")
        seen = Seen(path, descriptor)
        if reason := _not_text(seen.content or b""):
            raise Refused(f"{path} {reason}")
        yield seen
    finally:
        os.close(descriptor)


def _forbidden(path: str, status: os.stat_result) -> str | None:
    """Why a file must not be edited; None if it may be."""
    if not stat.S_ISREG(status.st_mode):
        return "is a directory" if stat.S_ISDIR(status.st_mode) else "is no regular file"
    if status.st_uid != os.geteuid():
        return f"belongs to user {status.st_uid}"
    if not status.st_mode & stat.S_IWUSR or not os.access(path, os.W_OK):
        return "is read-only"
    return None


def _not_text(content: bytes) -> str | None:
    if len(content) > limits.FILE:
        return f"is larger than {limits.FILE:,} bytes"
    return "is a binary file" if b"\0" in content else None


def _identity(status: os.stat_result) -> Identity:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, OSError) and error.errno in (errno.ELOOP, errno.ENXIO):
        return "it is a link that leads nowhere" if error.errno == errno.ELOOP else "it is no file"
    return str(error.strerror if isinstance(error, OSError) else error)
