"""How much of the disk does an environment take, when its files have names in uv's cache and elsewhere too?"""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Callable, Iterator

from envdoctor.engine.fact import Fact

BLOCK = 512  # what `st_blocks` counts in, whatever the file system's own blocks are


class DiskUsage(Fact, frozen=True):
    """What an environment takes.

    Attributes:
        total: bytes on the disk of all that is in it, a file with several names in it once.
        own: those of the files that have no name anywhere else: what deleting the environment would free.
    """

    total: int
    own: int


class Measurement:
    """Adds up environments, and what they take together: a file that several share counts once.

    Attributes:
        together: bytes on the disk of all that has been measured, each file once.
    """

    def __init__(self) -> None:
        self.together = 0
        self._known: set[tuple[int, int]] = set()

    def add(self, root: str, go_on: Callable[[], bool] = lambda: True) -> DiskUsage | None:
        """Measure one environment; None if `go_on` said no before the end."""
        total = own = 0
        names: Counter[tuple[int, int]] = Counter()
        pending = [root]
        while pending:
            if not go_on():
                return None
            for is_directory, path, seen in _listed(pending.pop()):
                key, size = (seen.st_dev, seen.st_ino), seen.st_blocks * BLOCK
                names[key] += 1
                total += size if names[key] == 1 else 0
                own += size if is_directory or names[key] == seen.st_nlink else 0
                if key not in self._known:
                    self._known.add(key)
                    self.together += size
                if is_directory:
                    pending.append(path)
        return DiskUsage(total, own)


def _listed(directory: str) -> Iterator[tuple[bool, str, os.stat_result]]:
    """What is in a directory: whether it is a directory itself, its path, and what the file system says of it."""
    try:
        with os.scandir(directory) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    yield entry.is_dir(follow_symlinks=False), entry.path, entry.stat(follow_symlinks=False)
    except OSError:
        return
