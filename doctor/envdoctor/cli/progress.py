"""A bar on the terminal while a probe takes long. Nothing is shown where nobody watches, as in CI."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from envdoctor.cli.output import in_ci
from envdoctor.system.session import Progress, silent

PATIENCE = 1.0
"""Seconds that work may take before a bar tells of it."""


@contextmanager
def shown() -> Iterator[Progress]:
    """What to hand to a session. The bar goes to standard error, and is gone when the work is done."""
    bar = _Bar()
    try:
        yield bar.tell if sys.stderr.isatty() and not in_ci(os.environ) else silent
    finally:
        bar.close()


class _Bar:
    """The bar, made when work has taken a second: most runs never load what draws it."""

    def __init__(self) -> None:
        self._begun: float | None = None
        self._drawn: Any = None
        self._task: Any = None
        self._lock = threading.Lock()

    def tell(self, what: str, done: int, total: int) -> None:
        """Say how far the work is. Several threads may do so."""
        with self._lock:
            self._tell(what, done, total)

    def _tell(self, what: str, done: int, total: int) -> None:
        if self._begun is None:
            self._begun = time.monotonic()
        if self._drawn is None:
            if time.monotonic() - self._begun < PATIENCE:
                return
            from rich.console import Console
            from rich.progress import Progress as Drawn

            drawn = Drawn(console=Console(stderr=True), transient=True)
            try:
                drawn.start()
            except RuntimeError:  # it draws in a thread of its own, and no more can be had
                return
            self._drawn = drawn
            self._task = self._drawn.add_task(what, total=total)
        self._drawn.update(self._task, description=what, completed=done, total=total)

    def close(self) -> None:
        """Take the bar away."""
        if self._drawn is not None:
            self._drawn.stop()
