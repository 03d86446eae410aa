"""Which environments are somewhere below a directory? A search that is bounded in depth and time."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable

from envdoctor.facts.session.mounts import Mounts
from envdoctor.facts.venv import pyvenv_cfg, redirect
from envdoctor.system.files import Unreadable
from envdoctor.system.silent_mounts import Unanswered
from envdoctor.system.threads import begin

HIDDEN = frozenset({".venv", ".tox", ".nox", ".pixi", ".virtualenvs", ".env", ".conda"})
PRUNED = frozenset({"node_modules", "__pycache__", "site-packages", "dist-packages", "proc", "sys", "dev"})
TICK = 0.05


class Search:
    """A search below some directories, the nearest first. Links are not followed, network drives not entered.

    It runs in a thread of its own, so that a drive that does not answer only costs the time that was allowed.

    Attributes:
        found: the environments so far: directories with a `pyvenv.cfg` or a `conda-meta`, and what `.venv` links and
            redirect files lead to.
        looked: how many directories have been looked at.
        left: directories that were too deep to be looked at, or that time did not suffice for.
        skipped: what was left out on purpose or could not be read, as `path: reason`.
        silent: whether something of it lies on a file system that does not answer.
        timed_out: whether the time was over before the search was.
    """

    def __init__(self, starts: tuple[str, ...], depth: int, mounts: Mounts) -> None:
        self.found: list[str] = []
        self.looked = 0
        self.left = 0
        self.skipped: list[str] = []
        self.silent = False
        self.timed_out = False
        self._depth = depth
        self._barred = {mount.directory for mount in mounts.mounts if mount.network} - set(
            map(os.path.realpath, starts)
        )
        self._queue: deque[tuple[str, int]] = deque((start, 0) for start in starts)
        self._seen: set[tuple[int, int]] = set()

    def run(self, seconds: float, watch: Callable[[int, float], None] | None = None) -> None:
        """Search at most this long. `watch` is told how many directories it has been, and how many seconds."""
        started = time.monotonic()
        worker = begin(self._work, started + seconds)
        while worker and worker.is_alive() and (passed := time.monotonic() - started) < seconds:
            worker.join(min(TICK, seconds - passed))
            if watch:
                watch(self.looked, passed)
        self.timed_out = bool(self._queue) or (worker is not None and worker.is_alive())
        self.left += len(self._queue)

    def _work(self, deadline: float) -> None:
        while self._queue and time.monotonic() < deadline:
            directory, level = self._queue.popleft()
            try:
                self._look(directory, level)
            except Unanswered as error:
                self._leave_out(directory, error)

    def _look(self, directory: str, level: int) -> None:
        """Look at one directory; what is below it waits its turn."""
        self.looked += 1
        try:
            with os.scandir(directory) as entries:
                listed = list(entries)
        except OSError as error:
            self.skipped.append(f"{directory}: {(error.strerror or str(error)).lower()}")
            return
        names = {entry.name for entry in listed}
        if pyvenv_cfg.NAME in names or "conda-meta" in names:
            self.found.append(directory)
            listed = [entry for entry in listed if entry.name == "envs"] if "conda-meta" in names else []
        for entry in listed:
            self._consider(entry, level)

    def _consider(self, entry: os.DirEntry[str], level: int) -> None:
        try:
            if entry.name == ".venv" and not entry.is_dir(follow_symlinks=False):
                self._redirected(entry)
            elif entry.is_dir(follow_symlinks=False) and self._is_worth_it(entry):
                if level < self._depth:
                    self._queue.append((entry.path, level + 1))
                else:
                    self.left += 1
        except OSError as error:
            self.skipped.append(f"{entry.path}: {(error.strerror or str(error)).lower()}")
        except Unanswered as error:
            self._leave_out(entry.path, error)

    def _leave_out(self, path: str, error: Unanswered) -> None:
        self.silent = True
        self.skipped.append(f"{path}: {error}")

    def _is_worth_it(self, entry: os.DirEntry[str]) -> bool:
        if (entry.name.startswith(".") and entry.name not in HIDDEN) or entry.name in PRUNED:
            return False
        if entry.path in self._barred:
            self.skipped.append(f"{entry.path}: on a network drive")
            return False
        seen = entry.stat(follow_symlinks=False)
        known = (seen.st_dev, seen.st_ino) in self._seen  # mounted twice
        self._seen.add((seen.st_dev, seen.st_ino))
        return not known

    def _redirected(self, entry: os.DirEntry[str]) -> None:
        """A `.venv` that is a link to an environment, or a file that names one."""
        path = entry.path
        if not entry.is_symlink() and entry.stat().st_size < 10_000:
            try:
                path = redirect.named_by(path) or path
            except Unreadable:
                return
        if os.path.isfile(os.path.join(path, pyvenv_cfg.NAME)):
            self.found.append(path)
