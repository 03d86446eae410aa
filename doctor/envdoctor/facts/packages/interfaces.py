"""Extension modules that were compiled against another binary interface than that of the package which is installed.

numpy 2 changed its own. A module holds the name of the module that it takes the interface from, as text: nothing is
loaded to find it. That costs reading files, so it is done where numpy is new enough, and only of what requires it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.packages import pairs, requirements
from envdoctor.facts.packages.installers import installer_of
from envdoctor.facts.packages.targets import PackageTargets, Target
from envdoctor.facts.python import metadata
from envdoctor.facts.python.distributions import Distribution, Sites, sites
from envdoctor.system.files import Unreadable, read_head
from envdoctor.system.session import Progress, Session, silent
from envdoctor.text import limits, versions

MOST_BYTES, MOST_BYTES_DEEP = 4_000_000, 100_000_000
"""How much of the extension modules of one package is read, the smallest first. Most packages show it in the first."""


class OlderInterface(Fact, frozen=True):
    """A package that cannot be imported with another that is installed.

    Attributes:
        name: the package.
        version: its version.
        module: the extension module that shows it.
        holds: what it holds.
    """

    name: str
    version: str
    module: str
    holds: str


class EnvironmentInterfaces(Fact, frozen=True):
    """What was compiled against an older interface in one environment.

    Attributes:
        target: the environment.
        provider: the package whose interface it is, `numpy`.
        provider_version: its version.
        installer: what installed that.
        limit: the versions that do not suit the older interface, `>=2`.
        older: what was compiled against it.
        may_be_older: whether all that require the package admit a version with the older interface.
        has_pip: whether the environment has a pip.
    """

    target: Target
    provider: str
    provider_version: str
    installer: str | None
    limit: str
    older: tuple[OlderInterface, ...]
    may_be_older: bool = True
    has_pip: bool = True


class Interfaces(Fact, frozen=True):
    """The same of each environment that has such a package."""

    environments: tuple[EnvironmentInterfaces, ...]


@probe
def probe_interfaces(session: Session, targets: PackageTargets) -> Interfaces:
    """Read the extension modules of what requires numpy, where numpy is 2 or newer."""
    most, tell = (MOST_BYTES_DEEP, session.progress) if session.deep else (MOST_BYTES, silent)
    found = [each for target in targets.targets for each in _examine(sites(session), target, most, tell)]
    if not found:
        raise Unavailable("no package is installed whose binary interface has changed")
    return Interfaces(tuple(found))


def _examine(known: Sites, target: Target, most: int, tell: Progress) -> Iterator[EnvironmentInterfaces]:
    installed = {package.name: package for package in known.installed(target.directories)}
    if "numpy" not in installed:  # the table is read only where it is needed
        return
    for row in pairs.load().interface:
        provider = installed.get(row.package)
        if provider is None or versions.admits(row.versions, provider.version) is not True:
            continue
        asked = ((package, _limit(known, package, row.package)) for package in installed.values())
        limits = {package: limit for package, limit in asked if limit is not None}
        older = []
        for number, package in enumerate(limits):
            tell("binary interfaces", number, len(limits))
            if module := _shows(known, package, row, most):
                older.append(OlderInterface(package.name, package.version, module, row.holds))
        wanted = ",".join(filter(None, (*limits.values(), row.versions.replace(">=", "<"))))
        yield EnvironmentInterfaces(
            target,
            provider.name,
            provider.version,
            installer_of(provider.record),
            row.versions,
            tuple(older),
            versions.is_satisfiable(wanted),
            "pip" in installed,
        )


def _limit(known: Sites, package: Distribution, name: str) -> str | None:
    """What a package asks of another; None if it does not require it. Where a marker decides, nothing is asked."""
    try:
        headers = known.headers(package)
    except Unreadable:
        return None
    if name.encode() not in headers:
        return None
    lines = map(requirements.parse, metadata.fields(headers, b"Requires-Dist"))
    found = [line for line in lines if line is not None and line.name == name]
    return ",".join(line.specifiers for line in found if not line.marker) if found else None


def _shows(known: Sites, package: Distribution, row: pairs.InterfaceRow, most: int) -> str | None:
    """The extension module that holds the older name and not the newer; None if the first that holds one is new."""
    modules = [
        file for file in known.listed_files(package) if file.path.endswith(".so") and 0 < file.size <= limits.EXTENSION
    ]
    read = 0
    for module in sorted(modules, key=lambda file: file.size):
        read += module.size
        if read > most:
            return None
        path = os.path.normpath(f"{package.location}/{module.path}")
        try:
            content = read_head(path, limits.EXTENSION)
        except Unreadable:
            continue
        if row.unless.encode() in content:
            return None
        if row.holds.encode() in content:
            return path
    return None
