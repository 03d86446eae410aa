"""What is known of names beforehand: distributions of another name, modules that not every standard library has."""

from __future__ import annotations

import os
from functools import cache

import msgspec

FILE = "names.toml"


class DistributionRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An import name, the distributions that give it, the usual one first, and where that was seen."""

    name: str
    distributions: tuple[str, ...]
    seen_in: str


class StandardRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Modules of the standard library: the versions of Python that have them first, and no more; either may be open."""

    names: tuple[str, ...]
    since: tuple[int, int] = (0, 0)
    until: tuple[int, int] = (99, 0)


class PartRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Modules of the standard library that distributions of Linux put into a package of their own."""

    names: tuple[str, ...]
    package: str


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table."""

    distribution: tuple[DistributionRow, ...]
    standard: tuple[StandardRow, ...]
    part: tuple[PartRow, ...]

    def distributions_of(self, name: str) -> tuple[str, ...]:
        """The distributions that give an import name; none where the table has no such name."""
        return next((row.distributions for row in self.distribution if row.name == name), ())

    def span_of(self, name: str) -> StandardRow | None:
        """Which versions of Python have a module of the standard library, where not all have."""
        return next((row for row in self.standard if name in row.names), None)

    def part_of(self, name: str) -> str | None:
        """The package of Debian that brings along a module of the standard library."""
        return next((row.package for row in self.part if name in row.names), None)


@cache
def load() -> Names:
    """The table as it comes with envdoctor."""
    import tomllib

    with open(os.path.join(os.path.dirname(__file__), FILE), "rb") as file:
        return msgspec.convert(tomllib.load(file), Names)
