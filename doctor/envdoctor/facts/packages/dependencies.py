"""The requirements of installed packages that the other installed packages do not meet.

pip's own rules, as `pip check` has them, and uv's where pip is known to be wrong. Most requirements are of extras or of
other platforms, and of the others nearly all are met: only what is not is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.dependencies import markers
from envdoctor.facts.packages import requirements
from envdoctor.facts.packages.installers import installer_of, is_systems
from envdoctor.facts.packages.overrides import UvOverrides
from envdoctor.facts.packages.records import EnvironmentRecords, PackageRecords
from envdoctor.facts.packages.requirements import Markers, Requirement
from envdoctor.facts.packages.targets import Target
from envdoctor.facts.python import metadata
from envdoctor.facts.python.distributions import VARIANTS, Distribution, Sites, requires_file, sites
from envdoctor.facts.python.zipped_eggs import read_member
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.session import Session
from envdoctor.text import versions

MOST = 500
LOWER = (">=", ">", "~=", "==")


class UnmetRequirement(Fact, frozen=True):
    """A requirement of an installed package that is not met.

    Attributes:
        dependent: the package that has it, normalised.
        dependent_version: its version.
        record: its metadata directory.
        text: the requirement as it is written, without its marker.
        name: what it asks for, normalised.
        installed: the version that is there; None if there is none.
        place: where that is installed; None if it is not.
        installer: what installed it, or what installed the dependent where it is missing; None if neither says.
    """

    dependent: str
    dependent_version: str
    record: str
    text: str
    name: str
    installed: str | None = None
    place: str | None = None
    installer: str | None = None


class Malformed(Fact, frozen=True):
    """A requirement that cannot be read, for which pip passes over all of the package's.

    Attributes:
        legacy: whether uv reads it all the same, as a form of old.
    """

    name: str
    version: str
    record: str
    text: str
    legacy: bool = False


class NewerPython(Fact, frozen=True):
    """A package that is installed for a Python which it says it does not run on."""

    name: str
    version: str
    record: str
    requires: str


class EnvironmentDependencies(Fact, frozen=True):
    """What does not fit together in one environment.

    Attributes:
        target: the environment.
        unmet: the requirements that are not met.
        malformed: those that cannot be read.
        newer_python: the packages that need a newer Python.
        limits: what installed packages ask of the packages in `unmet`: name and specifiers.
        has_pip: whether a pip is installed in it.
    """

    target: Target
    unmet: tuple[UnmetRequirement, ...] = ()
    malformed: tuple[Malformed, ...] = ()
    newer_python: tuple[NewerPython, ...] = ()
    limits: tuple[tuple[str, str], ...] = ()
    has_pip: bool = True

    def wanted(self, name: str) -> str | None:
        """What has to be installed for all that ask for a package, `numpy<2,>=1.26`; None if nothing suits them all."""
        clauses = {clause.strip() for one, text in self.limits if one == name for clause in text.split(",")}
        specifiers = ",".join(sorted(filter(None, clauses)))
        return name + specifiers if versions.is_satisfiable(specifiers) else None


class Dependencies(Fact, frozen=True):
    """What does not fit together in the environments that are examined."""

    environments: tuple[EnvironmentDependencies, ...]


@probe
def probe_dependencies(session: Session, records: PackageRecords, overrides: UvOverrides | None) -> Dependencies:
    """Judge every requirement of every package that Python finds."""
    known, own = sites(session), overrides or UvOverrides()
    return Dependencies(tuple(_judge(known, environment, own) for environment in records.environments))


class Package(msgspec.Struct, frozen=True):
    """A package with what it requires for the Python at hand."""

    distribution: Distribution
    requires: tuple[Requirement, ...]


def _judge(known: Sites, records: EnvironmentRecords, overrides: UvOverrides) -> EnvironmentDependencies:
    target = records.target
    installed = {package.name: package for package in known.installed(target.directories)}
    doubtful = records.duplicated.union(broken.name for broken in records.broken)
    unjudged = doubtful.union(records.half_gone, overrides.dependencies)
    variants = VARIANTS if target.is_conda else ()
    judged = [package for name, package in installed.items() if name not in doubtful.union(overrides.dependents)]
    malformed: list[Malformed] = []
    newer: list[NewerPython] = []
    packages = list(_read(known, target, judged, malformed, newer))
    unmet = [
        verdict
        for package in packages
        for verdict in _unmet(package, installed, unjudged, variants)
        if not is_systems(target, verdict.record)
    ]
    malformed = [one for one in malformed if not is_systems(target, one.record)]
    names = {one.name for one in unmet}
    limits = {
        (requirement.name, requirement.specifiers)
        for package in packages
        for requirement in package.requires
        if requirement.name in names
    }
    return EnvironmentDependencies(
        target,
        tuple(unmet[:MOST]),
        tuple(malformed[:MOST]),
        tuple(newer[:MOST]),
        tuple(sorted(limits)),
        records.has_pip,
    )


def _read(
    known: Sites,
    target: Target,
    distributions: Iterable[Distribution],
    malformed: list[Malformed],
    newer: list[NewerPython],
) -> Iterator[Package]:
    """What each package requires here. What is wrong with the metadata itself goes into the two lists."""
    values = markers.values(target)
    holds = Markers(dict(values), lambda text: markers.holds(text, values)).holds
    seen: dict[str, Requirement | None] = {}
    too_new: dict[str, bool] = {}
    for package in distributions:
        try:
            headers = known.headers(package)
        except Unreadable:
            continue
        needs = metadata.field(headers, b"Requires-Python") or ""
        if needs not in too_new:
            too_new[needs] = _is_newer(needs, target)
        if too_new[needs]:
            newer.append(NewerPython(package.name, package.version, package.record, needs))
        found: list[Requirement] = []
        for line in _lines(headers, package):
            if line not in seen:
                seen[line] = requirements.parse(line)
            requirement = seen[line]
            counts = holds(requirement.marker) if requirement else None
            if requirement is None or counts is None or requirement.legacy:
                legacy = requirement is not None and counts is not None
                malformed.append(Malformed(package.name, package.version, package.record, line, legacy))
            if requirement is None or counts is None:
                found.clear()
                break
            if counts:
                found.append(requirement)
        yield Package(package, tuple(found))


def _lines(headers: bytes, package: Distribution) -> Iterator[str]:
    """The lines of requirements: those in the headers, of packages in older forms else those of a file of their own."""
    listed = metadata.fields(headers, b"Requires-Dist")
    first = next(listed, None)
    if first is not None:
        yield first
        yield from listed
    elif path := requires_file(package):
        try:
            yield from requirements.of_egg(_text_of(path, package))
        except Unreadable:
            return


def _text_of(path: str, package: Distribution) -> str:
    """A list of requirements of an older form. Raises Unreadable."""
    if package.is_zipped:
        return read_member(package.record, "EGG-INFO/requires.txt").decode("utf-8", "replace")
    return read_text(path)


def _unmet(
    package: Package,
    installed: Mapping[str, Distribution],
    unjudged: frozenset[str],
    variants: tuple[tuple[str, ...], ...],
) -> Iterator[UnmetRequirement]:
    own = package.distribution
    for requirement in package.requires:
        alike = next((group for group in variants if requirement.name in group), ())
        if requirement.name in unjudged or (
            requirement.name not in installed and not installed.keys().isdisjoint(alike)
        ):
            continue
        there = installed.get(requirement.name)
        if there is None or versions.admits(requirement.specifiers, there.version) is False:
            yield UnmetRequirement(
                own.name,
                own.version,
                own.record,
                requirement.text,
                requirement.name,
                there.version if there else None,
                there.location if there else None,
                installer_of(there.record if there else own.record),
            )


def _is_newer(requires: str, target: Target) -> bool:
    """Whether what a package asks of Python is newer. A cap is never held against it: many are wrong."""
    if len(target.version) < 3:
        return False
    version = ".".join(map(str, target.version))
    for clause in requires.split(","):
        parts = versions.CLAUSE.fullmatch(clause)
        if parts is None or parts[1] not in LOWER:
            continue
        if versions.admits(f">={parts[2].removesuffix('.*')}", version) is False:
            return True
    return False
