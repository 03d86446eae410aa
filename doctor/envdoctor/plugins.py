"""Which modules of checks are installed beside envdoctor?

They announce themselves with an entry point of the group `envdoctor.checks`. The files that hold entry points are read
here directly, as https://packaging.python.org/en/latest/specifications/entry-points/ describes them: importing
`importlib.metadata` for it would cost a quarter of a whole run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

import msgspec

GROUP = "envdoctor.checks"
OWN = "envdoctor"


class EntryPoint(msgspec.Struct, frozen=True, order=True):
    """One module of checks: the name it goes by, the module, and the distribution that brings it."""

    name: str
    module: str
    distribution: str


def installed(path: Sequence[str]) -> tuple[EntryPoint, ...]:
    """The modules of checks announced in these directories, sorted; of two equal distributions the first counts."""
    found: dict[str, tuple[EntryPoint, ...]] = {}
    for directory in path:
        for metadata in _metadata_directories(directory):
            distribution = metadata.partition("-")[0].replace("_", "-").lower()
            if distribution not in found and (points := tuple(_read(os.path.join(directory, metadata), distribution))):
                found[distribution] = points
    return tuple(sorted(point for points in found.values() for point in points))


def _metadata_directories(directory: str) -> list[str]:
    try:
        names = os.listdir(directory)
    except OSError:
        return []
    return sorted(name for name in names if name.endswith((".dist-info", ".egg-info")))


def _read(metadata: str, distribution: str) -> Iterator[EntryPoint]:
    try:
        with open(os.path.join(metadata, "entry_points.txt"), encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()
    except OSError:
        return
    section = ""
    for line in map(str.strip, lines):
        if line.startswith("["):
            section = line.strip("[]").strip()
        elif section == GROUP and "=" in line and not line.startswith(("#", ";")):
            name, module = (part.strip() for part in line.split("=", 1))
            yield EntryPoint(name, module, distribution)
