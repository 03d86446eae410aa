"""May this user write to a directory, and whose is it? By rights alone: nothing is written to find out."""

from __future__ import annotations

import os

EFFECTIVE = os.access in os.supports_effective_ids


def is_writable(path: str) -> bool:
    """Whether this user may make files in a directory. On a file system that is read-only, nobody may."""
    try:
        return os.path.isdir(path) and os.access(path, os.W_OK | os.X_OK, effective_ids=EFFECTIVE)
    except (OSError, ValueError):
        return False


def nearest_existing(path: str) -> str:
    """A directory, or the nearest above it of which something is there and can be seen; a link to nothing too."""
    while path != "/" and not os.path.lexists(path):
        path = os.path.dirname(path) or "/"
    return path


def owner_of(path: str) -> int | None:
    """The number of the user whom a file or directory belongs to; None if that cannot be seen."""
    try:
        return os.stat(path).st_uid
    except (OSError, ValueError):
        return None


def account(number: int) -> str | None:
    """The name of a user; None if nobody here has this number, as in a container whose files come from outside."""
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return None
