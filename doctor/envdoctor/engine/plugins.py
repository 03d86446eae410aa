"""Which modules of checks are installed beside envdoctor?

They announce themselves with an entry point of the group `envdoctor.checks`. The files that hold entry points are read
here directly, as https://packaging.python.org/en/latest/specifications/entry-points/ describes them: importing
`importlib.metadata` for it would cost a quarter of a whole run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

import msgspec

from envdoctor.system.files import Unreadable, read_bytes

GROUP = "envdoctor.checks"
OWN = "python-envdoctor"

_remembered: dict[tuple[str, ...], tuple[EntryPoint, ...]] = {}


class EntryPoint(msgspec.Struct, frozen=True, order=True):
    """One module of checks.

    Attributes:
        name: `PREFIX` or `PREFIX.anything`, where all its checks are of the family with that prefix; or anything else.
        module: the module.
        distribution: the distribution that brings it.
    """

    name: str
    module: str
    distribution: str

    @property
    def family(self) -> str | None:
        """The prefix that its name promises; None if it promises none."""
        prefix = self.name.partition(".")[0]
        return prefix if prefix.isalpha() and prefix.isupper() else None


def holding(points: Sequence[EntryPoint], words: Sequence[str]) -> tuple[EntryPoint, ...]:
    """Those that may hold a check which one of these words means, as `selection` understands them.

    All, if there are no words. A slug says nothing about its family: who does not find it here looks into all.
    """
    families = {point.family for point in points}
    meant: set[str | None] = {None}
    for word in map(str.upper, words):
        named = {word, word.rstrip("0123456789")} & families
        meant |= named or {family for family in families if family and family.startswith(word)}
    return tuple(point for point in points if not words or point.family in meant)


def installed(path: Sequence[str]) -> tuple[EntryPoint, ...]:
    """The modules of checks announced in these directories, envdoctor's own first, then by name.

    Of two equal distributions the first counts.
    """
    if tuple(path) in _remembered:
        return _remembered[tuple(path)]
    found: dict[str, tuple[EntryPoint, ...]] = {}
    for directory in path:
        for metadata in _metadata_directories(directory):
            distribution = metadata.partition("-")[0].replace("_", "-").lower()
            if distribution not in found and (points := tuple(_read(os.path.join(directory, metadata), distribution))):
                found[distribution] = points
    every = (point for points in found.values() for point in points)
    return tuple(sorted(every, key=lambda point: (point.distribution != OWN, point)))


def are_others(path: Sequence[str]) -> bool:
    """Whether other distributions announce some. To look costs time, so what is seen is kept for `installed`."""
    _remembered[tuple(path)] = found = installed(path)
    return any(point.distribution != OWN for point in found)


def _metadata_directories(directory: str) -> list[str]:
    try:
        names = os.listdir(directory)
    except OSError:
        return []
    return sorted(name for name in names if name.endswith((".dist-info", ".egg-info")))


def _read(metadata: str, distribution: str) -> Iterator[EntryPoint]:
    try:
        lines = read_bytes(os.path.join(metadata, "entry_points.txt")).decode("utf-8", "replace").splitlines()
    except Unreadable:
        return
    section = ""
    for line in map(str.strip, lines):
        if line.startswith("["):
            section = line.strip("[]").strip()
        elif section == GROUP and "=" in line and not line.startswith(("#", ";")):
            name, module = (part.strip() for part in line.split("=", 1))
            yield EntryPoint(name, module, distribution)
