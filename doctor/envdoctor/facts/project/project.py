"""Which project does the working directory belong to, and who manages it? Found by looking, as its tools would."""

from __future__ import annotations

import enum
import fnmatch
import os
import re
from collections.abc import Iterator

import msgspec

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.venv import places
from envdoctor.system.files import Unreadable
from envdoctor.system.session import Session
from envdoctor.system.toml import (
    Document,
    Table,
    find_line,
    has_table,
    read_toml,
    strings,
    table_at,
)

PYPROJECT = "pyproject.toml"
# What makes a directory a project wherever it stands ...
STRONG = (PYPROJECT, "Pipfile", "setup.py", "pixi.toml", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock")
# ... and what is also found in the folders of a project, and does not make another one of them.
WEAK = ("requirements.txt", "environment.yml", "environment.yaml", "pylock.toml")
OWN_GROUND = (".git", *places.NAMES[:2])
# Tables whose presence says more than that a linter is configured.
TELLING = (
    ("project",),
    ("build-system",),
    ("dependency-groups",),
    *(("tool", name) for name in ("uv", "poetry", "pdm", "pixi", "hatch")),
)


class ProjectManager(enum.Enum):
    """Who installs what a project needs."""

    UV = "uv"
    POETRY = "poetry"
    PIPENV = "pipenv"
    PDM = "pdm"
    HATCH = "hatch"
    PIXI = "pixi"
    CONDA = "conda"
    PIP = "pip"


class ClaimKind(enum.Enum):
    """What speaks for a manager; an earlier one weighs more."""

    LOCK = "a lock file"
    TABLE = "a table in pyproject.toml"
    FILE = "a file of its own"


class Claim(Fact, frozen=True):
    """One piece of evidence that a manager has this project.

    Attributes:
        manager: whose it is.
        kind: what it is.
        path: the file.
        line: where in it, from 1; 0 for the whole file.
    """

    manager: ProjectManager
    kind: ClaimKind
    path: str
    line: int = 0

    @property
    def origin(self) -> str:
        """The file, with the line if it is one."""
        return f"{self.path}:{self.line}" if self.line else self.path


class Project(Fact, frozen=True):
    """The project around the working directory.

    Attributes:
        root: its directory.
        pyproject: its `pyproject.toml`; None if it has none, or one that only configures linters.
        workspace_root: the root of uv's workspace that it is a member of; its own root otherwise.
        claims: what speaks for each manager, strongest first.
        manager: the one that most speaks for; pip if nothing speaks for any other.
        problem: why `pyproject.toml` cannot be read, with file and line; None if it can.
    """

    root: str
    pyproject: str | None = None
    workspace_root: str = ""
    claims: tuple[Claim, ...] = ()
    manager: ProjectManager = ProjectManager.PIP
    problem: str | None = None

    def claims_of(self, manager: ProjectManager) -> tuple[Claim, ...]:
        """What speaks for one manager."""
        return tuple(claim for claim in self.claims if claim.manager is manager)

    def lock_of(self, manager: ProjectManager) -> str | None:
        """The lock file of a manager; None if there is none."""
        locks = (claim.path for claim in self.claims_of(manager) if claim.kind is ClaimKind.LOCK)
        return next(locks, None)


class Manifest(msgspec.Struct, frozen=True):
    """A `pyproject.toml` that was found: its directory, and what it says or why it cannot be read."""

    directory: str
    document: Document
    problem: str | None = None


@probe
def probe_project(session: Session) -> Project:
    """Look for the nearest project from the working directory upwards."""
    if session.cwd is None:
        raise Unavailable("the working directory has been deleted")
    found = find_root(session.cwd, session.home)
    if found is None:
        raise Unavailable("the working directory belongs to no project")
    root, manifest = found
    workspace = workspace_root(root, manifest.document.table) if manifest else root
    claims = tuple(sorted(_claims(root, workspace, manifest), key=lambda claim: list(ClaimKind).index(claim.kind)))
    return Project(
        root,
        os.path.join(root, PYPROJECT) if manifest else None,
        workspace,
        claims,
        _decide(claims, manifest.document.table if manifest else {}),
        manifest.problem if manifest else None,
    )


def read_manifest(directory: str) -> Manifest | None:
    """The `pyproject.toml` of a directory, if there is one that describes a project, or that nobody can read."""
    path = os.path.join(directory, PYPROJECT)
    if not os.path.lexists(path):
        return None
    try:
        document = read_toml(path)
    except Unreadable as unreadable:
        return Manifest(directory, Document(path, "", {}), str(unreadable))
    telling = any(has_table(document.table, *keys) for keys in TELLING)
    return Manifest(directory, document) if telling else None


def find_root(cwd: str, home: str | None) -> tuple[str, Manifest | None] | None:
    """The directory of the nearest project, and its manifest.

    A home directory or `/` is a project only for who stands in it: stray project files there are usually accidental.
    """
    weak = None
    settled = False
    for directory in _upwards(cwd):
        if directory in (home, "/") and directory != cwd:
            break
        manifest = read_manifest(directory)
        strong = any(os.path.lexists(os.path.join(directory, name)) for name in STRONG if name != PYPROJECT)
        if manifest or strong:
            return (weak, None) if weak and settled else (directory, manifest)
        if weak is None and any(os.path.isfile(os.path.join(directory, name)) for name in WEAK):
            weak = directory
        if weak and any(os.path.lexists(os.path.join(directory, name)) for name in OWN_GROUND):
            settled = True
    return (weak, None) if weak else None


def _upwards(directory: str) -> Iterator[str]:
    yield directory
    while (parent := os.path.dirname(directory)) != directory:
        directory = parent
        yield directory


def workspace_root(root: str, table: Table) -> str:
    """The root of uv's workspace around a project, by uv's rules; the project's own root if there is none."""
    if has_table(table, "tool", "uv", "workspace"):
        return root
    for directory in list(_upwards(root))[1:]:
        try:
            above = read_toml(os.path.join(directory, PYPROJECT)).table
        except Unreadable:
            continue
        workspace = table_at(above, "tool", "uv", "workspace")
        if has_table(above, "tool", "uv", "workspace"):
            inside = os.path.relpath(root, directory)
            member = any(matches(inside, pattern) for pattern in strings(workspace.get("members")))
            excluded = any(matches(inside, pattern) for pattern in strings(workspace.get("exclude")))
            return directory if member and not excluded else root
        if has_table(above, "project"):
            break
    return root


def matches(path: str, pattern: str) -> bool:
    """Whether a relative path fits a glob, in which `*` stays inside one component and `**` does not."""
    parts = os.path.normpath(pattern).split(os.sep)
    components = path.split(os.sep)
    reached = {0}  # how many components the parts so far may have taken
    for place, part in enumerate(parts):
        if part == "**":
            least = min(reached, default=len(components)) + (place == len(parts) - 1)
            reached = set(range(least, len(components) + 1))
        else:
            fitting = (index for index in reached if index < len(components))
            reached = {index + 1 for index in fitting if fnmatch.fnmatchcase(components[index], part)}
    return len(components) in reached


def _claims(root: str, workspace: str, manifest: Manifest | None) -> Iterator[Claim]:
    uv, poetry, pipenv = ProjectManager.UV, ProjectManager.POETRY, ProjectManager.PIPENV
    pdm, pixi, conda = ProjectManager.PDM, ProjectManager.PIXI, ProjectManager.CONDA
    files = (
        (uv, ClaimKind.LOCK, os.path.join(workspace, "uv.lock")),
        (poetry, ClaimKind.LOCK, os.path.join(root, "poetry.lock")),
        (pipenv, ClaimKind.LOCK, os.path.join(root, "Pipfile.lock")),
        (pdm, ClaimKind.LOCK, os.path.join(root, "pdm.lock")),
        (pixi, ClaimKind.LOCK, os.path.join(root, "pixi.lock")),
        (conda, ClaimKind.LOCK, os.path.join(root, "conda-lock.yml")),
        (pipenv, ClaimKind.FILE, os.path.join(root, "Pipfile")),
        (pixi, ClaimKind.FILE, os.path.join(root, "pixi.toml")),
        (poetry, ClaimKind.FILE, os.path.join(root, "poetry.toml")),
        (ProjectManager.HATCH, ClaimKind.FILE, os.path.join(root, "hatch.toml")),
        (conda, ClaimKind.FILE, os.path.join(root, "environment.yml")),
        (conda, ClaimKind.FILE, os.path.join(root, "environment.yaml")),
        (ProjectManager.PIP, ClaimKind.FILE, os.path.join(root, "requirements.txt")),
    )
    yield from (Claim(manager, kind, path) for manager, kind, path in files if os.path.isfile(path))
    if manifest:
        document = manifest.document
        for manager, *keys in _managing_tables(document.table):
            yield Claim(manager, ClaimKind.TABLE, document.path, _line(document.text, keys))


def _managing_tables(table: Table) -> Iterator[tuple[ProjectManager, *tuple[str, ...]]]:
    """The tables by which managers are told what to do. Those of a build backend of the same make do not count."""
    if has_table(table, "tool", "uv"):
        yield ProjectManager.UV, "tool", "uv"
    poetry = table_at(table, "tool", "poetry")
    if any(key in poetry for key in ("dependencies", "group", "dev-dependencies", "package-mode", "requires-poetry")):
        yield ProjectManager.POETRY, "tool", "poetry"
    pdm = table_at(table, "tool", "pdm")
    if pdm.keys() - {"build", "version", "backend"}:
        yield ProjectManager.PDM, "tool", "pdm"
    if has_table(table, "tool", "hatch", "envs"):
        yield ProjectManager.HATCH, "tool", "hatch", "envs"
    if has_table(table, "tool", "pixi"):
        yield ProjectManager.PIXI, "tool", "pixi"


def _line(text: str, keys: list[str]) -> int:
    """The first line of a table or of one of its parts; 0 if it is not written in the plain way."""
    *above, last = keys
    if line := find_line(text, ".".join(above), last):
        return line
    begin = re.compile(rf"\s*\[\[?{re.escape('.'.join(keys))}\.")
    return next((number for number, line in enumerate(text.splitlines(), 1) if begin.match(line)), 0)


def _decide(claims: tuple[Claim, ...], table: Table) -> ProjectManager:
    """The manager with the strongest claim; of several locks, that of one which can read this manifest."""
    if not claims:
        return ProjectManager.PIP
    strongest = [claim.manager for claim in claims if claim.kind is claims[0].kind]
    tables = [claim.manager for claim in claims if claim.kind is ClaimKind.TABLE]
    speaking = [manager for manager in strongest if manager in tables] or strongest
    if ProjectManager.UV in speaking and not has_table(table, "project") and len(speaking) > 1:
        speaking.remove(ProjectManager.UV)
    return speaking[0]
