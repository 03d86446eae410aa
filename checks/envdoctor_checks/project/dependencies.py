"""PRJ: is what the project asks for installed, and at the versions that its lock names?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from posixpath import basename

import msgspec

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Run,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.dependencies.declared import DeclaredRequirements, ExtraRequirements
from envdoctor.facts.dependencies.environment_yml import CondaSpec
from envdoctor.facts.dependencies.lock import LockedPackage, ProjectLock
from envdoctor.facts.dependencies.refusals import ProjectRefusals
from envdoctor.facts.dependencies.satisfaction import same_version, unmet
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.packages.records import PackageRecords
from envdoctor.facts.project.environment import EnvironmentSource, InstalledPackages, ProjectEnvironment
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.project.pyproject import Pyproject
from envdoctor.facts.project.requires_python import admits
from envdoctor.facts.python.available import PythonsAtHand
from envdoctor.facts.python.distributions import normalised
from envdoctor.facts.venv.layout import Tool
from envdoctor_checks.common import installing
from envdoctor_checks.project._fixes import Means, install, new_environment

# Where the environment itself is the wrong one, what is in it does not matter.
MOOTING = ("PRJ001", "PRJ006", "UV004")
SHOWN = 5
NAMED = 3
MAIN = ""


class Gap(msgspec.Struct, frozen=True):
    """A package that is not there as it should be.

    Attributes:
        name: of the package.
        installed: the version that is there; None if there is none.
        wanted: what should be, as the second half of a sentence: `locked at 14.0`.
        origin: where that is said.
    """

    name: str
    installed: str | None
    wanted: str
    origin: str

    @property
    def reason(self) -> str:
        """`rich is missing`, or `rich is 13.0, and locked at 14.0`."""
        if self.installed is None:
            return f"{self.name} is missing"
        return f"{self.name} is {self.installed}, and {self.wanted}"


def is_unfit(pyproject: Pyproject | None, environment: ProjectEnvironment) -> bool:
    """Whether the environment has a Python that the project does not run on, whatever has been said of that."""
    requires = pyproject.requires_python if pyproject else None
    return requires is not None and admits(requires.alternatives, environment.version_text) is False


def listed(gaps: Sequence[Gap]) -> str:
    """All gaps in one line: of those that are missing, and of the others, the first few by name."""
    missing = [gap.name for gap in gaps if gap.installed is None]
    unfit = [gap.reason for gap in gaps if gap.installed is not None]
    parts = []
    if missing:
        more = [f"{len(missing) - NAMED} more"] if len(missing) > NAMED else []
        *names, last = [*missing[:NAMED], *more]
        parts.append(f"{', '.join(names)} and {last} are missing" if names else f"{last} is missing")
    parts += unfit[:NAMED]
    if len(unfit) > NAMED:
        parts.append(f"{len(unfit) - NAMED} more do not fit")
    return "; ".join(parts)


def proof(gaps: Iterable[Gap]) -> tuple[Evidence, ...]:
    """The first few gaps as evidence."""
    return tuple(Evidence(gap.reason, gap.origin) for gap in islice(gaps, SHOWN))


@check("PRJ004", severity=Severity.WARNING, since="0.1", unless=MOOTING)
def lock_out_of_sync(
    project: Project,
    lock: ProjectLock,
    environment: ProjectEnvironment | None,
    installed: InstalledPackages | None,
    pyproject: Pyproject | None,
    builders: Builders,
    records: PackageRecords | None,
    refusals: ProjectRefusals | None,
) -> Iterator[Finding]:
    """The lock file, what it was made from, and the environment do not agree.

    ## Why it matters
    The lock says what was tested. With other versions the project may behave differently here than everywhere else, and
    a lock that is older than the project's own file stops `--locked` runs, in CI first.

    ## How to fix
    Let the project's manager lock again, and install from the lock.

    ## Not a problem when
    What is missing belongs to a group or an extra that nobody has installed, to another platform, or to another member
    of the workspace. Packages that were installed on top of the lock are ignored. Of what is recorded twice, or half
    removed, PKG003 and PKG002 tell; of a file that the manager refuses, so that it cannot lock, PRJ008.
    """
    if refusals and refusals.stop(project):
        return
    name = basename(lock.path)
    sound = environment is not None and not is_unfit(pyproject, environment)
    gaps = _settled(_differences(lock, installed, pyproject), records) if installed and sound else ()
    if lock.changes:
        said = f"{name} is out of date: it {lock.changes[0].text}"
    elif gaps and environment:
        said = f"{environment.root} is not what {name} says: {listed(gaps)}"
    else:
        return
    evidence = tuple(Evidence(f"{name} {change.text}", change.origin) for change in lock.changes[:SHOWN])
    yield Finding(said, _locking(project, lock, environment, builders, installed), lock.path, (*evidence, *proof(gaps)))


def _settled(gaps: Iterable[Gap], records: PackageRecords | None) -> tuple[Gap, ...]:
    """The gaps that are no consequence of a broken record, in whose place a manager may see nothing to do."""
    unsettled = records.unsettled if records else frozenset()
    return tuple(gap for gap in gaps if gap.name not in unsettled)


def _differences(lock: ProjectLock, installed: InstalledPackages, pyproject: Pyproject | None) -> Iterator[Gap]:
    versions = {package.name: package.version for package in installed.packages}
    used = _groups_in_use(lock, versions, pyproject)
    wanted: dict[str, list[LockedPackage]] = {}
    for package in lock.packages:
        wanted.setdefault(package.name, []).append(package)
    for name, packages in sorted(wanted.items()):
        first, version = packages[0], versions.get(name)
        if version is None:
            differs = any(used.intersection(package.groups) for package in packages)
        else:
            differs = not any(p.version is None or same_version(version, p.version) for p in packages)
        if differs:
            yield Gap(name, version, f"locked at {first.version}", f"{lock.path}:{first.line}")


def _groups_in_use(lock: ProjectLock, versions: Mapping[str, str], pyproject: Pyproject | None) -> set[str]:
    """The groups of which something is installed that no other wants: what is missing of these is missed."""
    own = normalised(pyproject.name) if pyproject and pyproject.name else None
    if not lock.complete or (lock.member and own not in versions):
        return set()
    single = (package for package in lock.packages if len(package.groups) == 1 and package.name in versions)
    return {package.groups[0] for package in single} or {MAIN}


def _locking(
    project: Project,
    lock: ProjectLock,
    environment: ProjectEnvironment | None,
    builders: Builders,
    installed: InstalledPackages | None,
) -> Fix:
    tool, directory = lock.manager.value, project.root
    if lock.manager is ProjectManager.PIP and environment:
        has_pip = installed is None or any(package.name == "pip" for package in installed.packages)
        with_uv = builders.uv is not None
        made = installing.installed(environment.python, "-r", lock.path, with_uv=with_uv, has_pip=has_pip)
        steps = installing.prepared(made, environment.minor, bundled=environment.bundles_pip)
        return Fix("Install from the lock", *steps, safety=Safety.CHANGES_STATE)
    groups = {group for package in lock.packages for group in package.groups}
    dev = ("--dev",) if lock.manager is ProjectManager.PIPENV and "develop" in groups else ()
    locked = (Run(tool, "lock", directory=directory),) if lock.changes else ()
    synced = (installing.synced(lock.manager, directory, *dev),) if environment else ()
    summary = "Lock again" if not synced else "Lock again, and install from it" if locked else "Install from the lock"
    return Fix(summary, *locked, *synced, safety=Safety.CHANGES_STATE)


@check("PRJ003", severity=Severity.WARNING, since="0.1", unless=("PRJ004", "CND016", *MOOTING))
def requirements_unmet(
    project: Project,
    declared: DeclaredRequirements,
    extras: ExtraRequirements,
    installed: InstalledPackages,
    environment: ProjectEnvironment,
    pyproject: Pyproject | None,
    builders: Builders,
    at_hand: PythonsAtHand,
) -> Iterator[Finding]:
    """What the project's requirements ask for is not installed, or in a version that does not fit.

    ## Why it matters
    The project fails at the first import of what is missing, or later and less clearly with a version that it was not
    written for.

    ## How to fix
    Install what the files ask for, with the project's own manager.

    ## Not a problem when
    A marker says that a requirement is for another platform or Python, it belongs to an extra that nobody asked for, or
    the project has a lock: that says more. Without any environment yet, or in one elsewhere that has nothing of it,
    this is only info.
    """
    versions = {package.name: package.version for package in installed.packages}
    missed = tuple(_gaps(declared, extras, versions, environment))
    if not missed or is_unfit(pyproject, environment):
        return
    files = " and ".join(basename(file) for file in declared.files)
    # an environment that has nothing of what is asked for, and stands elsewhere, may be meant for something else
    elsewhere = not declared.conda and not environment.root.startswith(f"{project.root}/")
    by_chance = (
        environment.source is EnvironmentSource.ACTIVE and elsewhere and len(missed) >= len(declared.requirements)
    )
    bare = environment.source is EnvironmentSource.BARE
    means = Means(project, builders, at_hand, pyproject)
    yield Finding(
        f"{environment.root} lacks what {files} asks for: {listed(missed)}",
        new_environment(means) if bare else _installing(means, environment, versions, declared.conda),
        environment.root,
        proof(missed),
        Severity.INFO if bare or by_chance else None,
    )


def _gaps(
    declared: DeclaredRequirements,
    extras: ExtraRequirements,
    versions: Mapping[str, str],
    environment: ProjectEnvironment,
) -> Iterator[Gap]:
    for spec in declared.conda:
        if not spec.is_met and normalised(spec.name) not in versions:
            yield Gap(spec.name, spec.installed, f"`{spec.name}{spec.wanted}` is wanted", spec.origin)
    asked = (*declared.requirements, *extras.requirements)
    for one in unmet(asked, declared.limits, versions, environment, declared.own):
        yield Gap(one.name, one.installed, f"`{one.wanted}` is wanted", one.requirement.origin)


def _installing(
    means: Means, environment: ProjectEnvironment, versions: Mapping[str, str], conda: tuple[CondaSpec, ...]
) -> Fix:
    summary = "Install the missing packages"
    if conda:
        file = conda[0].origin.rpartition(":")[0]
        return Fix(summary, Run("conda", "env", "update", "--file", file), safety=Safety.CHANGES_STATE)
    has_pip = "pip" in versions
    uvs = installing.is_uvs_turn(
        at_hand=means.builders.uv is not None, has_pip=has_pip, made_it=environment.tool is Tool.UV
    )
    steps = install(means, environment.python, with_uv=uvs, has_pip=has_pip)
    steps = installing.prepared(steps, environment.minor, bundled=environment.bundles_pip)
    return Fix(summary, *steps, safety=Safety.CHANGES_STATE)
