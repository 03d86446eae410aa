"""Whether the loader ignores the environment of a program, because it has more rights than its user."""

from __future__ import annotations

import os
import stat


def is_secure(program: str) -> bool:
    """Whether the loader ignores `LD_LIBRARY_PATH` for this program: it runs with more rights than its caller has."""
    try:
        status = os.stat(program)
    except OSError:
        return False
    if status.st_mode & stat.S_ISUID and status.st_uid != os.getuid():
        return True
    if status.st_mode & stat.S_ISGID and status.st_gid != os.getgid():
        return True
    return os.getuid() != 0 and _has_capabilities(program)


def _has_capabilities(program: str) -> bool:
    try:
        return bool(os.getxattr(program, "security.capability"))
    except (OSError, AttributeError):  # no such attribute, or not Linux
        return False
