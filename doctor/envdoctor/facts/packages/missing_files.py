"""Packages of which files are missing that they list.

uv writes a record before the files and `INSTALLER` last. Where that is not there, the installation may have been
interrupted, and the files are looked for; with `--deep` those of every package.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from itertools import islice

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.packages.installers import goes_by_record, installer_of
from envdoctor.facts.packages.records import EnvironmentRecords, PackageRecords, is_fresh
from envdoctor.facts.packages.targets import Target
from envdoctor.facts.python.distributions import Distribution, Sites, sites
from envdoctor.facts.python.listed_files import ListedFile
from envdoctor.system.session import Session

CODE = (".py", ".so", ".pyd")
# What people delete to save space, and no import needs.
SPARED = {"test", "tests", "testing", "_tests", "doc", "docs", "example", "examples", "benchmark", "benchmarks"}
NAMESPACE = 200
"""Bytes of an `__init__.py` that says nothing, or only that packages share its directory: they do so without it too."""
SHOWN = 5
MOST = 100_000
"""Files that are looked for of one package: the largest that have been seen have 25,000."""


class IncompletePackage(Fact, frozen=True):
    """A package that is not all there.

    Attributes:
        name: the package.
        version: its version.
        record: its metadata.
        installer: what installed it; None where that was interrupted, or does not say.
        missing: the files with code that are not there, as far as they are listed.
        count: how many they are.
    """

    name: str
    version: str
    record: str
    installer: str | None
    missing: tuple[str, ...]
    count: int


class EnvironmentFiles(Fact, frozen=True):
    """The packages of one environment that are not all there."""

    target: Target
    incomplete: tuple[IncompletePackage, ...] = ()
    has_pip: bool = True


class PackageFiles(Fact, frozen=True):
    """The same of each environment."""

    environments: tuple[EnvironmentFiles, ...]


@probe
def probe_package_files(session: Session, records: PackageRecords) -> PackageFiles:
    """Look for the files of packages that name no installer, with `--deep` of all."""
    return PackageFiles(tuple(_examine(session, environment) for environment in records.environments))


def _examine(session: Session, records: EnvironmentRecords) -> EnvironmentFiles:
    known, target, now = sites(session), records.target, time.time()
    packages = tuple(_of_target(known, records)) if target.is_environment else ()
    in_conda = target.is_conda and not target.is_venv
    found: list[IncompletePackage] = []
    for number, package in enumerate(packages):
        if session.deep:
            session.progress("files of packages", number, len(packages))
        if not session.deep and os.path.lexists(f"{package.record}/INSTALLER"):
            continue
        if not is_fresh(package.record, now) and (incomplete := _incomplete(known, package, in_conda=in_conda)):
            found.append(incomplete)
    return EnvironmentFiles(target, tuple(found), records.has_pip)


def _of_target(known: Sites, records: EnvironmentRecords) -> Iterator[Distribution]:
    """The packages that the environment has installed by wheel, and whose record is sound."""
    told = records.duplicated.union(broken.name for broken in records.broken)
    for path in records.target.directories:
        for package in known.directory(path).distributions:
            if package.is_wheel and package.name not in told and records.target.owns(package.record):
                yield package


def _incomplete(known: Sites, package: Distribution, *, in_conda: bool) -> IncompletePackage | None:
    installer = installer_of(package.record)
    # conda's recipes take files out of what they have built, and not out of its list
    if not goes_by_record(installer) or (installer is None and in_conda):
        return None
    listed = (file for file in known.listed_files(package) if file.digest and file.path.endswith(CODE))
    missing = [file.path for file in islice(listed, MOST) if _is_missing(package.location, file)]
    if not missing:
        return None
    shown = tuple(f"{package.location}/{path}" for path in missing[:SHOWN])
    return IncompletePackage(package.name, package.version, package.record, installer, shown, len(missing))


def _is_missing(directory: str, file: ListedFile) -> bool:
    """Whether a module is not there, nor its byte code in its place."""
    place = f"{directory}/{file.path}"
    if file.path.startswith(("..", "/")) or not SPARED.isdisjoint(file.path.split("/")):
        return False
    if os.path.lexists(place) or os.path.exists(f"{place}c"):
        return False
    parent, name = os.path.split(place)
    return name != "__init__.py" or file.size > NAMESPACE or not os.path.isdir(parent)
