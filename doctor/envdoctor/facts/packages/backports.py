"""Backports of the standard library for a Python that has the original, and packages that need what is not there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.dependencies import markers
from envdoctor.facts.packages.installers import installer_of
from envdoctor.facts.packages.requirements import Markers, required
from envdoctor.facts.packages.targets import PackageTargets, Target
from envdoctor.facts.python.distributions import Distribution, Sites, sites
from envdoctor.system.session import Session

# package → the first Python whose library has it, and whether that Python, or all that imports the module, dies of the
# backport in front of the library
BACKPORTS = {
    "argparse": ((3, 2), False),
    "asyncio": ((3, 4), True),
    "contextvars": ((3, 7), False),
    "dataclasses": ((3, 7), False),
    "enum34": ((3, 4), True),
    "futures": ((3, 2), True),
    "ipaddress": ((3, 3), False),
    "pathlib": ((3, 4), True),
    "statistics": ((3, 4), False),
    "typing": ((3, 5), True),
    "uuid": ((3, 0), True),
}


MODULES = {"enum34": "enum", "futures": "concurrent"}
"""What a backport brings, if that is not called as it is."""


class Backport(Fact, frozen=True):
    """A backport that this Python does not need.

    Attributes:
        name: the package.
        version: its version.
        record: its metadata.
        in_front: the directory on `PYTHONPATH` that it lies in, before the library; None where it is never imported.
        kills: whether Python, or every program that imports the module, fails with it in front.
        installer: what installed it.
    """

    name: str
    version: str
    record: str
    in_front: str | None = None
    kills: bool = False
    installer: str | None = None


class EnvironmentBackports(Fact, frozen=True):
    """The backports in one environment."""

    target: Target
    backports: tuple[Backport, ...] = ()
    has_pip: bool = True


class Backports(Fact, frozen=True):
    """The backports in each environment."""

    environments: tuple[EnvironmentBackports, ...]


@probe
def probe_backports(session: Session, targets: PackageTargets) -> Backports:
    """Look for the names."""
    known = sites(session)
    found = []
    for target in targets.targets:
        there = [package for path in target.directories for package in known.directory(path).distributions]
        has_pip = any(package.name == "pip" for package in there)
        needless = tuple(_needless(target, there))
        asked = _asked_for(known, target, there, needless)
        left = tuple(each for each in needless if each.in_front or each.name not in asked)
        found.append(EnvironmentBackports(target, left, has_pip))
    return Backports(tuple(found))


def _needless(target: Target, packages: list[Distribution]) -> Iterator[Backport]:
    for package in packages:
        since, kills = BACKPORTS.get(package.name, ((99,), False))
        if target.version[:2] >= since and _has_code(package):
            front = package.location if package.location in target.before_library else None
            installer = installer_of(package.record)
            yield Backport(package.name, package.version, package.record, front, kills, installer)


def _asked_for(
    known: Sites, target: Target, packages: Iterable[Distribution], backports: Iterable[Backport]
) -> set[str]:
    """Those that another package requires for this Python: without them it would be told that they are missing."""
    names = [each.name for each in backports]
    if not names:
        return set()
    values = markers.values(target)
    holds = Markers(dict(values), lambda text: markers.holds(text, values)).holds
    return required(known, packages, names, holds)


def _has_code(package: Distribution) -> bool:
    """Whether it brings a module at all: some newer releases of these are empty."""
    module = f"{package.location}/{MODULES.get(package.name, package.name)}"
    return os.path.exists(module) or os.path.exists(f"{module}.py")
