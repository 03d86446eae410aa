"""Put a new content into a file: whole or not at all, or where that cannot be, so that the next run can repair it."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import time

from envdoctor.apply.journal import write_all
from envdoctor.apply.target import FLAGS, Seen

NEW_FILE = 0o666


class Overtaken(Exception):  # noqa: N818 - somebody else was quicker, which is no fault
    """Somebody has changed the file meanwhile."""


class CannotReplace(Exception):  # noqa: N818 - an answer about a file
    """No other file can take the place of this one and be the same in all but its content."""


def temporary_for(path: str) -> str:
    """The name of a file beside this one that no other process takes, and no shell reads."""
    return os.path.join(os.path.dirname(path), f".envdoctor-{os.getpid()}-{time.monotonic_ns()}.tmp")


def must_stay(seen: Seen) -> bool:
    """Whether the file has to be written in place: it has other names, or nothing can be put beside it."""
    if seen.status is None:
        return False
    directory = os.path.dirname(seen.path)
    return seen.status.st_nlink > 1 or not os.access(directory, os.W_OK | os.X_OK) or not hasattr(os, "listxattr")


def replace(seen: Seen, new: bytes, temporary: str) -> None:
    """Put a file with this content into the place of the one that was seen, or where there was none.

    Raises:
        Overtaken: it is not as it was seen.
        CannotReplace: it has to be written in place.
        OSError: nothing was changed.
    """
    try:
        descriptor = _created(temporary, seen)
        try:
            write_all(descriptor, new)
            if seen.status is not None:
                _take_over(seen.path, seen.status, temporary, descriptor)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if not seen.is_as_read():
            raise Overtaken
        _exchange(seen, temporary)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
    sync_directory(os.path.dirname(seen.path))


def write_in_place(seen: Seen, new: bytes) -> None:
    """Write into the file that was seen: first what is longer, then from the beginning, then cut what is left over.

    Raises:
        Overtaken: it is not as it was seen.
        OSError: its content is as it was, unless the system does not even let that be written.
    """
    old = seen.content or b""
    append = os.open(seen.path, os.O_WRONLY | os.O_APPEND | FLAGS)
    try:
        if not seen.is_as_read():
            raise Overtaken
        try:
            write_all(append, new[len(old) :])
        except OSError:
            os.ftruncate(append, len(old))
            raise
        if new[: len(old)] != old:
            _overwrite(seen.path, old, new)
        os.fsync(append)
    finally:
        os.close(append)


def remove(seen: Seen) -> None:
    """Remove the file that was seen. Raises Overtaken and OSError."""
    if not seen.is_as_read():
        raise Overtaken
    os.unlink(seen.path)
    sync_directory(os.path.dirname(seen.path))


def sync_directory(directory: str) -> None:
    """Have the names in a directory on the disk, where the system lets this user."""
    with contextlib.suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _created(temporary: str, seen: Seen) -> int:
    mode = NEW_FILE if seen.status is None else stat.S_IRUSR | stat.S_IWUSR
    try:
        return os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    except PermissionError as error:
        if seen.status is None:
            raise
        raise CannotReplace from error


def _take_over(path: str, old: os.stat_result, temporary: str, descriptor: int) -> None:
    """Give the new file all that the old one has but content and times. Raises CannotReplace."""
    try:
        os.fchown(descriptor, old.st_uid, old.st_gid)
        shutil.copystat(path, temporary, follow_symlinks=False)
        os.utime(descriptor)
        now = os.fstat(descriptor)
        alike = (now.st_uid, now.st_gid, now.st_mode) == (old.st_uid, old.st_gid, old.st_mode)
        alike = alike and _attributes(temporary) == _attributes(path)
    except PermissionError as error:
        raise CannotReplace from error
    if not alike:
        raise CannotReplace


def _attributes(path: str) -> dict[str, bytes]:
    """The extended attributes, access control lists among them; none where the file system has none."""
    try:
        return {name: os.getxattr(path, name, follow_symlinks=False) for name in os.listxattr(path)}
    except OSError:
        return {}


def _exchange(seen: Seen, temporary: str) -> None:
    if seen.status is None:
        try:
            os.link(temporary, seen.path)  # which fails where there is one now
        except FileExistsError as error:
            raise Overtaken from error
        except OSError:  # a file system without hard links
            os.replace(temporary, seen.path)
        return
    try:
        os.replace(temporary, seen.path)
    except OSError as error:  # what is mounted on the file itself, as in containers
        raise CannotReplace from error


def _overwrite(path: str, old: bytes, new: bytes) -> None:
    """Write from the beginning, and cut what is left over; where that fails, the old content again."""
    descriptor = os.open(path, os.O_WRONLY | FLAGS)
    try:
        try:
            write_all(descriptor, new[: len(old)])
        except OSError:
            os.lseek(descriptor, 0, os.SEEK_SET)
            write_all(descriptor, old)
            os.ftruncate(descriptor, len(old))
            raise
        if len(new) < len(old):
            os.ftruncate(descriptor, len(new))
    finally:
        os.close(descriptor)
