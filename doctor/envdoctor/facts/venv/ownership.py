"""Whose is an environment, and can this user install into it?"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact
from envdoctor.facts.venv.layout import Venv

MOST_FILES = 5000


class Ownership(Fact, frozen=True):
    """Whose files an environment is made of.

    Attributes:
        owner: the number of the user whom its directory belongs to; None if that cannot be seen.
        user: the number of the user who would install.
        above: whom the directory belongs to that holds the environment.
        writable: whether that user may install.
        read_only: whether it lies on a file system that nobody can write to.
        others: how many of its programs and packages belong to somebody else than the directory.
        example: the first of those.
        other: the number of the user whom the first belongs to.
    """

    owner: int | None = None
    user: int = 0
    above: int | None = None
    writable: bool = True
    read_only: bool = False
    others: int = 0
    example: str | None = None
    other: int | None = None

    @property
    def hinders(self) -> bool:
        """Whether something in it belongs to somebody else, or nothing can be installed."""
        return self.others > 0 or not self.writable


def look_at_owners(venv: Venv) -> Ownership:
    """Compare the owners of an environment's programs and packages, not of every file in them."""
    try:
        owner, read_only = os.stat(venv.root).st_uid, bool(os.statvfs(venv.root).f_flag & os.ST_RDONLY)
    except OSError:
        return Ownership(user=os.geteuid())
    found = [(path, uid) for path, uid in _owners(venv) if uid != owner]
    example, other = found[0] if found else (None, None)
    return Ownership(
        owner,
        os.geteuid(),
        _owner_above(venv.root),
        all(os.access(place, os.W_OK) for place in (venv.scripts, *venv.site_packages) if os.path.isdir(place)),
        read_only,
        len(found),
        example,
        other,
    )


def _owner_above(root: str) -> int | None:
    try:
        return os.stat(os.path.dirname(os.path.abspath(root))).st_uid
    except OSError:
        return None


def _owners(venv: Venv) -> Iterator[tuple[str, int]]:
    """Path and owner of the directories that pip and uv write to, and of what lies directly in them."""
    left = MOST_FILES
    for directory in (venv.scripts, *venv.site_packages):
        try:
            with os.scandir(directory) as entries:
                yield directory, os.stat(directory).st_uid
                for entry in entries:
                    left -= 1
                    if left < 0:
                        return
                    yield entry.path, entry.stat(follow_symlinks=False).st_uid
        except OSError:
            continue
