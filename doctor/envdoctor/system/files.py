"""How is a file read that may be anything: huge, binary, a FIFO, a device, a loop of links, not ours to read?"""

from __future__ import annotations

import errno
import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from envdoctor.system.unread import note
from envdoctor.text import limits

# there is none, or the session itself may not read it either
EXPECTED = (
    *(errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.EPERM, errno.ELOOP, errno.ENAMETOOLONG, errno.EISDIR),
    *(errno.ENXIO, errno.EINVAL),
)
KERNEL = ("/proc/", "/sys/")
INSTALLED = ("/site-packages/", "/dist-packages/", "/conda-meta/")
MOST_PARENTS = 64
STEP = 65_536
"""Bytes that are read at a time. For more a program has to ask the system for room each time."""
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


class Denied(Unreadable):
    """This user may not read a file that is there."""


@contextmanager
def open_regular(path: str) -> Iterator[int]:
    """A descriptor of a regular file, open for reading. Never blocks. Raises Unreadable, for errors inside too."""
    if not _is_users_word(path) and os.path.islink(path):  # the text first: of most files nothing need be asked
        keep_out_of_private_files(path)
    try:
        descriptor = _open(path)
    except PermissionError as error:
        raise Denied(path, _reason(error)) from error
    except (OSError, ValueError) as error:
        raise _unread(path, _reason(error), noted=_is_unusual(error)) from error
    try:
        seen = os.fstat(descriptor)
        if not stat.S_ISREG(seen.st_mode):
            raise _unread(path, "not a regular file", noted=_says_something(descriptor))
        if seen.st_size == 0 and not path.startswith(KERNEL) and seen.st_dev in _devices_of_the_kernel():
            raise Unreadable(path, "a file of the kernel")
        yield descriptor
    except OSError as error:
        raise _unread(path, _reason(error), noted=_is_unusual(error)) from error
    finally:
        os.close(descriptor)


def read_head(path: str, size: int) -> bytes:
    """The first `size` bytes of a regular file. Never blocks. Raises Unreadable."""
    pieces = []
    with open_regular(path) as descriptor:
        while size > 0 and (piece := os.read(descriptor, min(size, STEP))):
            pieces.append(piece)
            size -= len(piece)
    return b"".join(pieces)


def read_bytes(path: str, limit: int = limits.FILE) -> bytes:
    """All of a regular file of at most `limit` bytes. Raises Unreadable."""
    content = read_head(path, limit + 1)
    if len(content) > limit:
        raise _unread(path, f"larger than {limit:,} bytes")
    return content


def read_text(path: str, limit: int = limits.FILE) -> str:
    """All of a UTF-8 text file (a byte order mark is dropped, line ends as they are). Raises Unreadable."""
    content = read_bytes(path, limit)
    if b"\0" in content:
        raise _not_text(path, "a binary file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _not_text(path, f"line {line} is not UTF-8") from error


def is_there(path: str) -> bool:
    """Whether something is at a path. What this user cannot look at may be, and is noted."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as error:
        note(path, (getattr(error, "strerror", None) or str(error)).lower())
    return True


def keep_out_of_private_files(path: str, named_in: str | None = None) -> None:
    """Raise Unreadable where a path of a project leads out of it to a file that not everybody may read.

    A clone must not make envdoctor quote a key or a password file. Out of the project means out of the repository, or
    of the directory where there is none: that of the path, or of the file that it is `named_in`.
    """
    try:
        if os.stat(path).st_mode & stat.S_IROTH:
            return
    except (OSError, ValueError):
        return  # whoever reads it says so
    if _is_outside(path, named_in or path):
        raise _unread(path, "leads to a private file elsewhere")


def leads_out_of_project(path: str) -> bool:
    """Whether a path leads out of its project by a link that the project may have brought along.

    Links of the home's own dot files are the user's word, unless they lie in a repository somewhere below.
    """
    repository = _repository(os.path.dirname(path))
    home = os.environ.get("HOME", "").rstrip("/")
    own = repository == home or not os.path.lexists(os.path.join(repository, ".git"))
    return not (own and _is_users_word(path)) and _is_outside(path, path)


def _is_outside(path: str, named_in: str) -> bool:
    base = os.path.realpath(_repository(os.path.dirname(named_in)))
    return not real_path(path).startswith(f"{base.rstrip('/')}/")


def _repository(directory: str) -> str:
    """The repository around a directory; the directory itself if there is none."""
    above = directory
    for _ in range(MOST_PARENTS):
        if os.path.lexists(os.path.join(above, ".git")):
            return above
        above = os.path.dirname(above)
    return directory


def _is_users_word(path: str) -> bool:
    """Whether a link stands where the user or an installer has put it: a dot file of the home, `/etc`, packages."""
    home = os.environ.get("HOME", "").rstrip("/")
    return path.startswith(("/etc/", f"{home}/.") if home else "/etc/") or any(place in path for place in INSTALLED)


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


def _unread(path: str, reason: str, *, noted: bool = True) -> Unreadable:
    """A file that cannot be used. It is noted, unless the session's own tools could make no more of it."""
    if noted:
        note(path, reason)
    return Unreadable(path, reason)


def _not_text(path: str, reason: str) -> NotText:
    note(path, reason)
    return NotText(path, reason)


def _says_something(descriptor: int) -> bool:
    """Whether a tool might read something there: not from a directory, and from the null device nothing comes."""
    status = os.fstat(descriptor)
    return not stat.S_ISDIR(status.st_mode) and status.st_rdev != os.stat(os.devnull).st_rdev


def _is_unusual(error: OSError | ValueError) -> bool:
    """Whether a file may be there all the same, though not for this user: a failing disk, too many open files."""
    return isinstance(error, OSError) and error.errno not in EXPECTED


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, BlockingIOError):
        return "nothing can be read without waiting"
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)


def are_unique(found: Iterable[str], lines: Sequence[str]) -> bool:
    """Whether the lines of a file hold each of these no more often than these do, so that they go by their text."""
    mine = Counter(found)
    return mine == Counter(line for line in lines if line in mine)
