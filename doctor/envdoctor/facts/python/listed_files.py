"""The files of a package, as its `RECORD` lists them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

import msgspec

from envdoctor.system.files import Unreadable, read_bytes
from envdoctor.text import limits
from envdoctor.text.numbers import whole

COLUMNS = ("path", "hash", "size")


class ListedFile(msgspec.Struct, frozen=True):
    """One file: its path from the directory of packages, the hash as it is written, the size; 0 where none is."""

    path: str
    digest: str
    size: int


def read_list(record: str) -> tuple[ListedFile, ...]:
    """The files that a `RECORD` lists; none where it cannot be read."""
    try:
        text = read_bytes(record, limits.INSTALLED_FILES).decode("utf-8", "surrogateescape")
    except Unreadable:
        return ()
    lines = text.splitlines()
    # hardly ever is a name quoted
    rows: Iterable[list[str]] = csv.reader(lines) if '"' in text else (line.rsplit(",", 2) for line in lines)
    return tuple(_whole(rows))


def _whole(rows: Iterable[list[str]]) -> Iterator[ListedFile]:
    try:
        for row in rows:
            if len(row) == len(COLUMNS):
                path, digest, size = row
                yield ListedFile(path, digest, whole(size) or 0)
    except csv.Error:
        return
