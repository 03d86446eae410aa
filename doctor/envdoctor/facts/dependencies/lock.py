"""What does the project's lock file want in the environment that the project uses?"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.dependencies import lock_formats, markers
from envdoctor.facts.dependencies.lock_formats import (
    MAIN,
    Row,
    lines_of,
    read_lock,
)
from envdoctor.facts.project.environment import ProjectEnvironment
from envdoctor.facts.project.project import ClaimKind, Project, ProjectManager
from envdoctor.facts.project.pyproject import Pyproject
from envdoctor.facts.python.distributions import normalised
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.system.files import Unreadable
from envdoctor.system.toml import (
    Document,
    Table,
    read_toml,
    strings,
    table_at,
)

PYLOCK = "pylock.toml"


class LockedPackage(Fact, frozen=True):
    """A package that the lock wants here.

    Attributes:
        name: normalised.
        version: None where any will do: a working copy.
        groups: who wants it: `""` for the project itself, else groups that are installed unless somebody says no.
        line: where the lock says so; 0 if that was not found.
    """

    name: str
    version: str | None
    groups: tuple[str, ...]
    line: int = 0


class LockChange(Fact, frozen=True):
    """Something that has changed since the lock was made: what the lock does, `does not know …`, and the place."""

    text: str
    origin: str


class ProjectLock(Fact, frozen=True):
    """The lock file of the project's manager, applied to the project's environment.

    Attributes:
        manager: whose it is.
        path: the file.
        packages: what it wants here.
        complete: whether what is not installed can be told missing: the lock says who wants each package.
        changes: what has changed since it was made.
        member: whether other projects share lock and environment.
    """

    manager: ProjectManager
    path: str
    packages: tuple[LockedPackage, ...] = ()
    complete: bool = True
    changes: tuple[LockChange, ...] = ()
    member: bool = False


class LockedVersion(Fact, frozen=True):
    """A package of a lock with all versions that it is locked at, for whatever machine."""

    name: str
    versions: tuple[str, ...]


class LockContent(Fact, frozen=True):
    """Everything in one lock file."""

    manager: ProjectManager
    path: str
    packages: tuple[LockedVersion, ...] = ()


class SeveralLocks(Fact, frozen=True):
    """The lock files of several managers in one project, the project's own manager first."""

    locks: tuple[LockContent, ...]


@probe
def probe_project_lock(
    project: Project,
    pyproject: Pyproject | None,
    environment: ProjectEnvironment | None,
    settings: UvSettings | None,
) -> ProjectLock:
    """Read the lock of the project's manager, and evaluate its markers for the environment."""
    path = project.lock_of(project.manager)
    if project.manager is ProjectManager.PIP and os.path.isfile(os.path.join(project.root, PYLOCK)):
        path = os.path.join(project.root, PYLOCK)
    if path is None:
        raise Unavailable("the project has no lock file")
    try:
        document = read_lock(path)
        changes = tuple(LockChange(*change) for change in _changes(project, pyproject, document, settings))
    except Unreadable as unreadable:
        raise Unavailable(str(unreadable)) from unreadable
    wanted = tuple(_wanted(project, pyproject, document, environment)) if environment else ()
    return ProjectLock(
        project.manager,
        path,
        wanted,
        complete=project.manager is not ProjectManager.POETRY or _says_groups(document.table),
        changes=changes,
        member=len(strings(table_at(document.table, "manifest").get("members"))) > 1,
    )


@probe
def probe_several_locks(project: Project) -> SeveralLocks:
    """Read all lock files of a project that has more than one."""
    claims = [claim for claim in project.claims if claim.kind is ClaimKind.LOCK and claim.manager in READERS]
    if len(claims) < 2:
        raise Unavailable("the project has not more than one lock file")
    claims.sort(key=lambda claim: claim.manager is not project.manager)
    try:
        return SeveralLocks(tuple(_content(claim.manager, read_lock(claim.path)) for claim in claims))
    except Unreadable as unreadable:
        raise Unavailable(str(unreadable)) from unreadable


def _content(manager: ProjectManager, document: Document) -> LockContent:
    versions: dict[str, set[str]] = {}
    for row in READERS[manager](document.table):
        if row.version is not None:
            versions.setdefault(row.name, set()).add(row.version)
    found = tuple(LockedVersion(name, tuple(sorted(versions[name]))) for name in sorted(versions))
    return LockContent(manager, document.path, found)


def _everything_of_uv(table: Table) -> Iterator[Row]:
    for package in lock_formats.packages(table):
        yield Row(normalised(package["name"]), lock_formats.text(package.get("version")))


READERS = {
    ProjectManager.UV: _everything_of_uv,
    ProjectManager.POETRY: lock_formats.of_poetry,
    ProjectManager.PIPENV: lock_formats.of_pipfile,
    ProjectManager.PDM: lock_formats.of_pdm,
}


def _wanted(
    project: Project, pyproject: Pyproject | None, document: Document, environment: ProjectEnvironment
) -> Iterator[LockedPackage]:
    known = markers.values(environment)
    groups = tuple(group.name for group in pyproject.groups if group.default) if pyproject else ()
    rows: Iterable[Row]
    match project.manager:
        case ProjectManager.UV:
            place = os.path.relpath(project.root, project.workspace_root)
            start = (place,) if pyproject and pyproject.name else _members(document.table)
            rows = lock_formats.of_uv(document.table, start, groups, lambda marker: markers.holds(marker, known))
        case ProjectManager.PIP:
            rows = lock_formats.of_pylock(document.table)
        case ProjectManager.PIPENV:
            rows, groups = lock_formats.of_pipfile(document.table), ("develop",)
        case manager:
            rows = READERS[manager](document.table) if manager in READERS else ()
    lines = lines_of(document)
    own = normalised(pyproject.name) if pyproject and pyproject.name else None
    for row in rows:
        chosen = tuple(group for group in row.groups if group == MAIN or group in groups)
        applies = row.marker is None or markers.holds(row.marker, known)
        if applies and not row.optional and row.name != own and (chosen or not row.groups):
            yield LockedPackage(row.name, row.version, chosen or (MAIN,), lines.get(row.name, 0))


def _members(table: Table) -> tuple[str, ...]:
    """The places of all packages of a workspace whose root is no package itself."""
    sources = (table_at(package, "source") for package in lock_formats.packages(table))
    return tuple(str(source[kind]) for source in sources for kind in ("editable", "virtual") if kind in source)


def _says_groups(table: Table) -> bool:
    return all("groups" in package or "category" in package for package in lock_formats.packages(table))


def _changes(
    project: Project, pyproject: Pyproject | None, document: Document, settings: UvSettings | None
) -> Iterator[tuple[str, str]]:
    # imported only where there is a lock: other modules take no more than the names of the facts from here
    from envdoctor.facts.dependencies.lock_freshness import pdm_is_fresh, pipfile_is_fresh, poetry_is_fresh
    from envdoctor.facts.dependencies.lock_schemas import is_older_than_pdm_reads
    from envdoctor.facts.dependencies.uv_lock_changes import uv_changes

    match project.manager:
        case ProjectManager.UV if pyproject:
            yield from uv_changes(project, pyproject, document.table, settings)
        case ProjectManager.POETRY if project.pyproject:
            if not poetry_is_fresh(document, read_toml(project.pyproject).table):
                yield f"was not made from what {project.pyproject} says now", project.pyproject
        case ProjectManager.PDM if is_older_than_pdm_reads(document.table):
            yield "is in a format that pdm no longer reads", document.origin("metadata", "lock_version")
        case ProjectManager.PDM if project.pyproject:
            if pdm_is_fresh(document.table, read_toml(project.pyproject).table) is False:
                yield f"was not made from what {project.pyproject} says now", project.pyproject
        case ProjectManager.PIPENV:
            pipfile = os.path.join(project.root, "Pipfile")
            if os.path.isfile(pipfile) and pipfile_is_fresh(document.table, read_toml(pipfile).table) is False:
                yield f"was not made from what {pipfile} says now", pipfile
        case _:
            pass
