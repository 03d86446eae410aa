"""PRJ: is what the project asks for installed, and at the versions that its lock names?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from posixpath import basename
from typing import NamedTuple

from envdoctor import Evidence, Finding, Fix, Run, Safety, Severity, check
from envdoctor.facts.demands import Demands, ExtraDemands
from envdoctor.facts.locks import LockedPackage, ProjectLock
from envdoctor.facts.project import Project, ProjectManager
from envdoctor.facts.project_environment import EnvironmentSource, InstalledPackages, ProjectEnvironment
from envdoctor.facts.pyproject import Pyproject, normalised
from envdoctor.facts.pythons_at_hand import PythonsAtHand
from envdoctor.facts.satisfaction import same_version, unmet
from envdoctor.facts.venv import Tool
from envdoctor.facts.workshop import Workshop
from envdoctor_checks.project_fixes import Means, install, new_environment
from envdoctor_checks.projects import requires_python_unmet

SHOWN = 5
MAIN = ""
SYNC = {ProjectManager.POETRY: "install", ProjectManager.PIPENV: "sync", ProjectManager.PDM: "sync"}


class Difference(NamedTuple):
    """A package whose installed version, None if it is not there, is not the one of the lock."""

    package: LockedPackage
    installed: str | None

    @property
    def reason(self) -> str:
        """`rich is missing`, or `rich is 13.0, and locked at 14.0`."""
        name = self.package.name
        if self.installed is None:
            return f"{name} is missing"
        return f"{name} is {self.installed}, and locked at {self.package.version}"


@check("PRJ004", severity=Severity.WARNING, since="0.1", needs=(requires_python_unmet,))
def lock_out_of_sync(
    project: Project,
    lock: ProjectLock,
    environment: ProjectEnvironment | None,
    installed: InstalledPackages | None,
    pyproject: Pyproject | None,
    workshop: Workshop,
) -> Iterator[Finding]:
    """The lock file, what it was made from, and the environment do not agree.

    ## Why it matters
    The lock says what was tested. With other versions the project may behave differently here than everywhere else, and
    a lock that is older than the project's own file stops `--locked` runs, in CI first.

    ## How to fix
    Let the project's manager lock again, and install from the lock.

    ## Not a problem when
    What is missing belongs to a group or an extra that nobody has installed, to another platform, or to another member
    of the workspace. Packages that were installed on top of the lock are nobody's business.
    """
    name = basename(lock.path)
    differences = tuple(_differences(lock, installed, pyproject)) if installed else ()
    evidence = [Evidence(f"{name} {change.text}", change.origin) for change in lock.changes[:SHOWN]]
    evidence += [Evidence(one.reason, f"{lock.path}:{one.package.line}") for one in differences[:SHOWN]]
    if lock.changes:
        said = f"{name} is out of date: it {lock.changes[0].text}"
    elif differences and environment:
        said = f"{environment.root} is not what {name} says: {_listed([one.reason for one in differences])}"
    else:
        return
    yield Finding(said, _locking(project, lock, environment, workshop), lock.path, tuple(evidence))


def _differences(lock: ProjectLock, installed: InstalledPackages, pyproject: Pyproject | None) -> Iterator[Difference]:
    versions = {package.name: package.version for package in installed.packages}
    used = _groups_in_use(lock, versions, pyproject)
    wanted: dict[str, list[LockedPackage]] = {}
    for package in lock.packages:
        wanted.setdefault(package.name, []).append(package)
    for name, packages in sorted(wanted.items()):
        version = versions.get(name)
        if version is None:
            if used.intersection(*(package.groups for package in packages)):
                yield Difference(packages[0], None)
        elif not any(package.version is None or same_version(version, package.version) for package in packages):
            yield Difference(packages[0], version)


def _groups_in_use(lock: ProjectLock, versions: Mapping[str, str], pyproject: Pyproject | None) -> set[str]:
    """The groups of which something is installed that no other wants: what is missing of these is missed."""
    own = normalised(pyproject.name) if pyproject and pyproject.name else None
    if not lock.complete or (lock.member and own not in versions):
        return set()
    single = (package for package in lock.packages if len(package.groups) == 1 and package.name in versions)
    return {package.groups[0] for package in single} or {MAIN}


def _listed(reasons: Sequence[str]) -> str:
    """The first few, and how many more there are."""
    shown = "; ".join(reasons[:3])
    return f"{shown}; and {len(reasons) - 3} more" if len(reasons) > 3 else shown


def _locking(project: Project, lock: ProjectLock, environment: ProjectEnvironment | None, workshop: Workshop) -> Fix:
    tool, directory = lock.manager.value, project.root
    if lock.manager is ProjectManager.PIP and environment:
        own = environment.python
        pip = ("uv", "pip", "install", "--python", own) if workshop.uv else (own, "-m", "pip", "install")
        return Fix("Install from the lock", Run(*pip, "-r", lock.path), safety=Safety.CHANGES_STATE)
    groups = {group for package in lock.packages for group in package.groups}
    dev = ("--dev",) if lock.manager is ProjectManager.PIPENV and "develop" in groups else ()
    locked = (Run(tool, "lock", directory=directory),) if lock.changes else ()
    synced = (Run(tool, SYNC.get(lock.manager, "sync"), *dev, directory=directory),) if environment else ()
    summary = "Lock again" if not synced else "Lock again, and install from it" if locked else "Install from the lock"
    return Fix(summary, *locked, *synced, safety=Safety.CHANGES_STATE)


@check("PRJ003", severity=Severity.WARNING, since="0.1", needs=(requires_python_unmet, lock_out_of_sync))
def requirements_unmet(
    project: Project,
    demands: Demands,
    extras: ExtraDemands,
    installed: InstalledPackages,
    environment: ProjectEnvironment,
    pyproject: Pyproject | None,
    workshop: Workshop,
    at_hand: PythonsAtHand,
) -> Iterator[Finding]:
    """What `requirements.txt` or `pyproject.toml` asks for is not installed, or in a version that does not fit.

    ## Why it matters
    The project fails at the first import of what is missing, or later and less clearly with a version that it was not
    written for.

    ## How to fix
    Install what the files ask for, with the project's own manager.

    ## Not a problem when
    A marker says that a requirement is for another platform or Python, it belongs to an extra that nobody asked for, or
    the project has a lock: that says more. Without any environment yet, this is only a note.
    """
    versions = {package.name: package.version for package in installed.packages}
    asked = (*demands.demands, *extras.demands)
    missed = tuple(unmet(asked, demands.limits, versions, environment, demands.own))
    if not missed:
        return
    files = " and ".join(basename(file) for file in demands.files)
    bare = environment.source is EnvironmentSource.BARE
    means = Means(project, workshop, at_hand, pyproject)
    yield Finding(
        f"{environment.root} lacks what {files} asks for: {_listed([one.reason for one in missed])}",
        new_environment(means) if bare else _installing(means, environment, versions),
        environment.root,
        tuple(Evidence(one.reason, one.demand.origin) for one in missed[:SHOWN]),
        Severity.INFO if bare else None,
    )


def _installing(means: Means, environment: ProjectEnvironment, versions: Mapping[str, str]) -> Fix:
    with_uv = means.workshop.uv is not None and (environment.tool is Tool.UV or "pip" not in versions)
    steps = install(means, environment.python, with_uv=with_uv)
    return Fix("Install what is asked for", *steps, safety=Safety.CHANGES_STATE)
