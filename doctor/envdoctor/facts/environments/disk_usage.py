"""How much of the disk do environments and caches take, whose files have names in several of them?"""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Callable, Iterator

from envdoctor.engine.fact import Fact

BLOCK = 512  # what `st_blocks` counts in, whatever the file system's own blocks are
MOST = 5_000_000
"""Files and directories that one measurement looks at."""


class DiskUsage(Fact, frozen=True):
    """What an environment or a cache takes.

    Attributes:
        total: bytes on the disk of all that is in it, a file with several names in it once.
        own: those of the files that have no name anywhere else: what deleting it would free.
        files: how many files there are in it, by all their names.
        directories: the bytes of the directories in it.
    """

    total: int
    own: int
    files: int = 0
    directories: int = 0


class Measurement:
    """Adds up environments and caches, and what they take together: a file that several share counts once.

    Only files with several names are remembered one by one, and directories, which may be measured twice: an
    environment may lie in a cache.

    Attributes:
        together: bytes on the disk of all that has been measured, each file once.
        seen: how many files and directories have been looked at.
    """

    def __init__(self) -> None:
        self.together = 0
        self.seen = 0
        self._walked: set[int] = set()
        self._linked: set[int] = set()

    @property
    def is_full(self) -> bool:
        """Whether so much has been looked at that no more will be."""
        return self.seen > MOST

    def add(self, *roots: str, go_on: Callable[[], bool] = lambda: True) -> DiskUsage | None:
        """Measure these files and what is in these directories; None if `go_on` said no, or if there is too much."""
        total = own = files = directories = 0
        names: Counter[int] = Counter()
        linked: dict[int, tuple[int, int]] = {}
        pending = [(root, _number(root)) for root in roots]
        while pending:
            if self.is_full or not go_on():
                return None
            directory, number = pending.pop()
            is_new = number not in self._walked
            self._walked.add(number)
            for is_directory, path, status in _listed(directory):
                self.seen += 1
                files += not is_directory
                size, key = status.st_blocks * BLOCK, _key(status)
                if is_directory:
                    directories += size
                    pending.append((path, key))
                elif status.st_nlink > 1:
                    names[key] += 1
                    linked[key] = size, status.st_nlink
                    continue
                total, own = total + size, own + size
                self.together += size if is_new else 0
        for key, (size, links) in linked.items():
            total, own = total + size, own + (size if names[key] >= links else 0)
            self.together += 0 if key in self._linked else size
        self._linked.update(linked)
        return DiskUsage(total, own, files, directories)


def _number(directory: str) -> int:
    try:
        return _key(os.stat(directory))
    except OSError:
        return 0


def _key(status: os.stat_result) -> int:
    """Device and inode as one number, which takes a third of the room of a pair."""
    return status.st_dev << 64 | status.st_ino


def _listed(directory: str) -> Iterator[tuple[bool, str, os.stat_result]]:
    """What is in a directory: whether it is a directory itself, its path, and what the file system says of it.

    In a file there is that file.
    """
    try:
        if not os.path.isdir(directory):
            yield False, directory, os.lstat(directory)
            return
        with os.scandir(directory) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    yield entry.is_dir(follow_symlinks=False), entry.path, entry.stat(follow_symlinks=False)
    except OSError:
        return
