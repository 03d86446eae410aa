"""Read each file once, whoever asks for it."""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Generic, TypeVar

from envdoctor.system.files import Unreadable
from envdoctor.system.unread import note, noting

T = TypeVar("T")


class Once(Generic[T]):
    """A way to read files that remembers what it has read, and what could not be read: each asker is told of that.

    Args:
        read: reads a file, by its path. Raises Unreadable.
    """

    def __init__(self, read: Callable[[str], T]) -> None:
        self._do_read = read
        self._known: dict[str, tuple[T | Unreadable, dict[str, str]]] = {}
        # a lock for each directory: one that does not answer holds up no other
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def __call__(self, path: str) -> T:
        """What a file holds. Raises Unreadable."""
        if path not in self._known:
            with self._locks[os.path.dirname(path)]:
                if path not in self._known:
                    self._known[path] = self._read(path)
        content, notes = self._known[path]
        for unread in notes.items():
            note(*unread)
        if isinstance(content, Unreadable):
            raise content
        return content

    def _read(self, path: str) -> tuple[T | Unreadable, dict[str, str]]:
        with noting() as notes:
            try:
                return self._do_read(path), notes
            except Unreadable as unreadable:
                return unreadable, notes
