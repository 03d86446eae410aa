"""The table of what the metadata of packages does not tell: which go together, and which do not.

Read where one of these packages is installed. As a program it says which rows are to be looked up again:

    python -m envdoctor.facts.packages.pairs [--before YEAR-MONTH]
"""

from __future__ import annotations

import os
import sys
from functools import cache

import msgspec

FILE = "pairs.toml"


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One statement: where it was read, and when, as year and month."""

    source: str
    read: str


class TorchRow(Row, frozen=True, kw_only=True):
    """A package at these versions works with torch at these only."""

    package: str
    versions: str
    torch: str


class DriverRow(Row, frozen=True, kw_only=True):
    """The least NVIDIA driver for releases of CUDA, on Linux."""

    cuda: str
    driver: str


class LabelRow(Row, frozen=True, kw_only=True):
    """How many numbers of CUDA's version a package wants to have in common with torch: 1 or 2."""

    package: str
    versions: str
    digits: int


class InterfaceRow(Row, frozen=True, kw_only=True):
    """What extension modules hold that cannot be loaded with these versions of a package, unless they hold another."""

    package: str
    versions: str
    holds: str
    unless: str


class ExclusiveRow(Row, frozen=True, kw_only=True):
    """Packages of which one is to be installed; `different` if they are no variants of one thing."""

    packages: tuple[str, ...]
    different: bool = False


class Pairs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All rows."""

    torch: tuple[TorchRow, ...]
    driver: tuple[DriverRow, ...]
    label: tuple[LabelRow, ...]
    interface: tuple[InterfaceRow, ...]
    exclusive: tuple[ExclusiveRow, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row of every table."""
        return (*self.torch, *self.driver, *self.label, *self.interface, *self.exclusive)


@cache
def load() -> Pairs:
    """The table as it comes with envdoctor."""
    import tomllib

    with open(os.path.join(os.path.dirname(__file__), FILE), "rb") as file:
        return msgspec.convert(tomllib.load(file), Pairs)


def by_age(before: str = "9999-12") -> list[str]:
    """A line for each source that was read before that month, the oldest first."""
    count: dict[tuple[str, str], int] = {}
    for row in load().rows:
        if row.read < before:
            count[row.read, row.source] = count.get((row.read, row.source), 0) + 1
    return [f"{read}  {source} ({number} rows)" for (read, source), number in sorted(count.items())]


if __name__ == "__main__":
    sys.stdout.write("\n".join(by_age(*sys.argv[2:3])) + "\n")  # the month behind --before
