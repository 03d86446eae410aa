"""The records of installed packages that are broken, there twice, or left over from a removal that was interrupted."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from msgspec.structs import replace

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.packages.installers import goes_by_record, installer_of, is_systems
from envdoctor.facts.packages.targets import PackageTargets, Target
from envdoctor.facts.python import metadata
from envdoctor.facts.python.distributions import Distribution, SiteDirectory, Sites, normalised, sites
from envdoctor.system.files import Unreadable
from envdoctor.system.session import Session
from envdoctor.system.unread import note
from envdoctor.text import versions
from envdoctor.text.patterns import pattern

SETTLED = 60.0
"""Seconds after which what an installer has left is no longer work in progress."""
MOST = 200
CUT = "-~.=%0123456789"
"""What pip puts in place of the first letters of a name while it removes a package (temp_dir.py)."""
# PEP 440, in the spellings that are allowed
VERSION = pattern(
    r"(?i)\s*v?(?:\d+!)?\d+(?:\.\d+)*(?:[-_.]?(?:alpha|a|beta|b|preview|pre|c|rc)[-_.]?\d*)?"
    r"(?:-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?(?:[-_.]?dev[-_.]?\d*)?(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?\s*"
)
NAME = pattern(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


class Leftover(Fact, frozen=True):
    """What an interrupted removal or upgrade has left of a package.

    Attributes:
        paths: the entries whose names begin with `~`.
        name: the package, as its metadata says; None where that is not there.
        version: the same of its version.
        twin: what is installed under the whole name; None if nothing is.
    """

    paths: tuple[str, ...]
    name: str | None = None
    version: str | None = None
    twin: str | None = None


class Duplicate(Fact, frozen=True):
    """A package of which one directory holds several records.

    Attributes:
        name: the package.
        versions: what each record says, in the order in which the directory lists them.
        records: the records.
        latest: the version of the record that was written last, whose code is most likely what lies there.
    """

    name: str
    versions: tuple[str, ...]
    records: tuple[str, ...]
    latest: str

    @property
    def is_same_version(self) -> bool:
        """Whether it is one version in two forms."""
        return len(set(self.versions)) == 1


class BrokenRecord(Fact, frozen=True):
    """A record that installers cannot use.

    Attributes:
        name: of the package, as far as the record tells.
        version: the same.
        record: its directory.
        reason: what is wrong, as the second half of a sentence.
        stops_uv: whether uv refuses to work with the whole environment.
        installer: what installed the package; None if the record does not say.
    """

    name: str
    version: str
    record: str
    reason: str
    stops_uv: bool = False
    installer: str | None = None


class Unlisted(Fact, frozen=True):
    """A package whose record does not list its files.

    Attributes:
        installer: what installed it; None if the record does not say.
        empty: whether there is a list with nothing in it.
        top_level: what lies beside the record under the package's own name.
    """

    name: str
    version: str
    record: str
    installer: str | None
    empty: bool = False
    top_level: tuple[str, ...] = ()


class EnvironmentRecords(Fact, frozen=True):
    """What is wrong with the records of one environment, and how many packages it has."""

    target: Target
    count: int
    leftovers: tuple[Leftover, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    broken: tuple[BrokenRecord, ...] = ()
    unlisted: tuple[Unlisted, ...] = ()
    has_pip: bool = True

    @property
    def duplicated(self) -> frozenset[str]:
        """The packages of which nobody can say which version is there."""
        return frozenset(twice.name for twice in self.duplicates)

    @property
    def half_gone(self) -> frozenset[str]:
        """The packages that are no longer known to any tool since their removal was interrupted."""
        return frozenset(left.name for left in self.leftovers if left.name and left.twin is None)


class PackageRecords(Fact, frozen=True):
    """What is wrong with the records of the environments that are examined."""

    environments: tuple[EnvironmentRecords, ...]

    @property
    def unsettled(self) -> frozenset[str]:
        """The packages of the project's environment whose records are to be repaired before anything else is said."""
        near = (environment for environment in self.environments if environment.target.near)
        return frozenset(name for environment in near for name in (*environment.duplicated, *environment.half_gone))


@probe
def probe_package_records(session: Session, targets: PackageTargets) -> PackageRecords:
    """Look at every record in the directories that each environment searches."""
    known, now = sites(session), time.time()
    return PackageRecords(tuple(_examine(known, target, now) for target in targets.targets))


def _examine(known: Sites, target: Target, now: float) -> EnvironmentRecords:
    directories = [known.directory(path) for path in target.directories]
    shadowed: set[str] = set()
    broken: list[BrokenRecord] = []
    unlisted: list[Unlisted] = []
    count = 0
    for directory in directories:
        broken += _nameless(directory, now)
        for package in directory.distributions:
            if package.name in shadowed:
                continue
            count += 1
            if fault := _fault(known, package, now):
                broken.append(replace(fault, installer=installer_of(package.record)))
            elif NAME.fullmatch(package.name) and (missing := _unlisted(directory, package, target, now)):
                unlisted.append(missing)
        shadowed |= {package.name for package in directory.distributions}
    return EnvironmentRecords(
        target,
        count,
        tuple(found for directory in directories for found in _leftovers(known, directory, now))[:MOST],
        tuple(found for directory in directories for found in duplicates(directory, target))[:MOST],
        tuple(broken[:MOST]),
        tuple(unlisted[:MOST]),
        has_pip="pip" in shadowed,
    )


def duplicates(directory: SiteDirectory, target: Target) -> Iterator[Duplicate]:
    """The packages of which a directory has several records. Those of conda and of the system are their affair."""
    found: dict[str, list[Distribution]] = {}
    for package in directory.distributions:
        found.setdefault(package.name, []).append(package)
    for name, packages in found.items():
        if len(packages) < 2 or all(is_systems(target, package.record) for package in packages):
            continue
        if not any(installer_of(package.record) == "conda" for package in packages):
            there = tuple(package.version for package in packages)
            yield Duplicate(name, there, tuple(package.record for package in packages), _latest(packages))


def _latest(packages: list[Distribution]) -> str:
    def written(package: Distribution) -> float:
        try:
            return os.stat(package.record).st_mtime
        except OSError:
            return 0.0

    return max(packages, key=written).version


def _leftovers(known: Sites, directory: SiteDirectory, now: float) -> Iterator[Leftover]:
    """The entries that pip leaves when it is stopped, those of one package together."""
    groups: dict[str, list[str]] = {}
    for entry in directory.names:
        if entry.startswith("~") and not is_fresh(f"{directory.path}/{entry}", now):
            stem = entry.lstrip(CUT).removesuffix(".dist-info").removesuffix(".egg-info").removesuffix(".libs")
            groups.setdefault(normalised(stem.partition("-")[0].removesuffix(".py")), []).append(entry)
    for tail, names in sorted(groups.items()):
        if not tail:
            continue
        paths = tuple(f"{directory.path}/{name}" for name in sorted(names))
        name, version = next(filter(None, (_said(known, path) for path in paths)), (None, None))
        named = [package.name for package in directory.distributions if _ends(package.name, tail)]
        twin = next((one for one in named if name in (None, one)), None)
        if name is None and twin is None:
            whole = (entry for entry in directory.names if entry[0] not in "~._")
            twin = next((entry for entry in whole if _ends(normalised(entry.removesuffix(".py")), tail)), None)
        yield Leftover(paths, name, version, twin)


def _ends(name: str, tail: str) -> bool:
    return name.endswith(tail) and len(name) > len(tail)


def _said(known: Sites, path: str) -> tuple[str, str] | None:
    """Name and version by the metadata in a leftover."""
    if not path.endswith(".dist-info"):
        return None
    try:
        headers = known.headers(Distribution("", "", path))
    except Unreadable:
        return None
    name, version = metadata.field(headers, b"Name"), metadata.field(headers, b"Version")
    return (normalised(name), version) if name and version and NAME.fullmatch(name) else None


def _nameless(directory: SiteDirectory, now: float) -> Iterator[BrokenRecord]:
    """Records whose names hold no name of a package: uv stops at them."""
    for name in directory.names:
        if name.endswith(".dist-info") and not name.startswith("~") and name in directory.folders:
            called, dash, version = name.removesuffix(".dist-info").partition("-")
            record = f"{directory.path}/{name}"
            if dash and not NAME.fullmatch(called) and not is_fresh(record, now):
                yield BrokenRecord(called, version, record, "its name is not that of a package", stops_uv=True)


def _fault(known: Sites, package: Distribution, now: float) -> BrokenRecord | None:
    if not package.is_wheel or not NAME.fullmatch(package.name):
        return None
    name, version, record = package.name, package.version, package.record
    if versions.plain(version) is None and not VERSION.fullmatch(version):
        return BrokenRecord(name, version, record, f"`{version}` is not a version of a Python package", stops_uv=True)
    try:
        headers = known.headers(package)
    except Unreadable as unreadable:
        if os.path.lexists(f"{record}/METADATA"):  # it is there, and cannot be read; or a link to nothing
            note(unreadable.path, unreadable.reason)
        elif os.path.isdir(record) and not is_fresh(record, now):
            return BrokenRecord(name, version, record, "it has no METADATA")
        return None
    if not _says_what_it_is(headers) and not is_fresh(record, now):
        return BrokenRecord(name, version, record, "its METADATA does not say of which package and version it is")
    return None


def _says_what_it_is(headers: bytes) -> bool:
    """Whether name and version are there. They are at the beginning, which is missing if a disk was full."""
    if b"\nName:" in headers and b"\nVersion:" in headers:
        return True
    return bool(metadata.field(headers, b"Name") and metadata.field(headers, b"Version"))


def _unlisted(directory: SiteDirectory, package: Distribution, target: Target, now: float) -> Unlisted | None:
    """A package that no installer can remove; where the files come from elsewhere, that is as it should be."""
    if not package.is_wheel or not target.is_environment or not target.owns(package.record):
        return None
    try:
        size = os.stat(f"{package.record}/RECORD").st_size
    except OSError as error:
        if not isinstance(error, FileNotFoundError):
            return None
        size = None
    if size or is_fresh(package.record, now):
        return None
    installer = installer_of(package.record)
    if not goes_by_record(installer):
        return None
    own = package.name.replace("-", "_")
    beside = tuple(f"{directory.path}/{name}" for name in directory.names if name.lower() in (own, f"{own}.py"))
    return Unlisted(package.name, package.version, package.record, installer, size == 0, beside)


def is_fresh(path: str, now: float) -> bool:
    """Whether an installer may still be at work on it."""
    try:
        return now - os.lstat(path).st_mtime < SETTLED
    except OSError:
        return True  # gone in the meantime
