"""Backports of the standard library for a Python that has the original, and packages that need what is not there."""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.packages.installers import installer_of
from envdoctor.facts.packages.targets import PackageTargets, Target
from envdoctor.facts.python.distributions import Distribution, sites
from envdoctor.system.session import Session

# package → the first Python whose library has it, and whether that Python dies of the backport in front of the library
BACKPORTS = {
    "argparse": ((3, 2), False),
    "dataclasses": ((3, 7), False),
    "enum34": ((3, 4), True),
    "pathlib": ((3, 4), True),
    "typing": ((3, 5), True),
    "uuid": ((3, 0), True),
}


class Backport(Fact, frozen=True):
    """A backport that this Python does not need.

    Attributes:
        name: the package.
        version: its version.
        record: its metadata.
        in_front: the directory on `PYTHONPATH` that it lies in, before the library; None where it is never imported.
        kills: whether Python does not start with it in front.
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
        found.append(EnvironmentBackports(target, tuple(_needless(target, there)), has_pip))
    return Backports(tuple(found))


def _needless(target: Target, packages: list[Distribution]) -> Iterator[Backport]:
    for package in packages:
        since, kills = BACKPORTS.get(package.name, ((99,), False))
        if target.version[:2] >= since and _has_code(package):
            front = package.location if package.location in target.before_library else None
            installer = installer_of(package.record)
            yield Backport(package.name, package.version, package.record, front, kills, installer)


def _has_code(package: Distribution) -> bool:
    """Whether it brings a module at all: some newer releases of these are empty."""
    module = f"{package.location}/{package.name.removesuffix('34')}"
    return os.path.exists(module) or os.path.exists(f"{module}.py")
