"""PRJ: can the project's own tool read the project's files?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import basename, dirname

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.dependencies.refusal import HARMLESS, Refusal, RefusalKind
from envdoctor.facts.dependencies.refusals import ProjectRefusals
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor_checks.common.moves import aside, put_over
from envdoctor_checks.common.shell_words import written

PYLOCK = "pylock.toml"
PASSED_OVER = {RefusalKind.IGNORED: Severity.INFO, RefusalKind.MISSPELT: Severity.WARNING}
UNREADABLE = frozenset({RefusalKind.CONFLICT, RefusalKind.SYNTAX, RefusalKind.ACCESS})
Commands = tuple[tuple[str, ...], ...]
STOPPED: Mapping[str, Commands] = {
    "uv": (("uv", "sync"), ("uv", "lock"), ("uv", "add"), ("uv", "run")),
    "pdm": (("pdm", "install"), ("pdm", "sync"), ("pdm", "lock"), ("pdm", "add")),
    "pipenv": (("pipenv", "install"), ("pipenv", "lock")),
    "pip": tuple((*pip, "install", what) for pip in (("pip",), ("uv", "pip")) for what in ("-r", "--editable")),
    "conda": (("conda", "env", "update"),),
}
"""What fails of a tool whose file is refused, if not all of it (pdm 2.29, pipenv 2026.10, uv 0.13, pip 26.3)."""
WHOLLY_STOPPED = frozenset({"pdm", "pipenv"})
"""Of which everything fails where the file cannot even be read."""
STOPPED_BY_GROUPS = (("uv", "venv"), ("uv", "python", "pin"))
"""What of uv may fail, too, where a `pyproject.toml` is well formed: its groups stop these (0.13)."""
LOCKERS = (ProjectManager.UV, ProjectManager.POETRY, ProjectManager.PIPENV, ProjectManager.PDM)


@check("PRJ008", severity=Severity.ERROR, since="0.1", where=("ProjectRefusals.refusals",))
def project_file_refused(project: Project, refusals: ProjectRefusals) -> Iterator[Finding]:
    """The project's own tool refuses one of the project's files.

    ## Why it matters
    Every command of the tool stops at that file: nothing is installed, locked or run. Other tools that read the same
    file pass over it without a word, and work with settings that nobody has written.

    ## How to fix
    Keep one side of a merge conflict, and delete the lines that git has put around it. A lock is not resolved by hand:
    take it from before the merge, and let the tool lock again. Correct what else is wrong at the line that is named. A
    file that this user may not read is given to this user: most often root has made it, in a shell or a container.

    ## Not a problem when
    The file is too large to be read here: the report says so. A `uv.lock` of a newer
    revision is read by older versions of uv; only a newer schema is not. TOML 1.1, such as line ends in inline tables,
    is read by uv 0.9.22 and newer; tools in Python read it if their Python is 3.15 or newer, so there it is a warning.
    A directory that uv does not count as a member of a workspace is empty, or holds nothing but what git ignores. A
    source in `[tool.uv.sources]` may lead nowhere as long as nothing asks for its package, or `no-sources` is set. A
    section of an `environment.yml` that conda does not know is only information, unless it looks like one that it
    knows; `platforms` and `category` are conda-lock's. conda before 25.9 makes an empty environment of a file without
    `dependencies`.
    """
    for refusal in refusals.refusals:
        verb = "passes over part of" if refusal.kind in PASSED_OVER else "refuses"
        yield Finding(
            f"{refusal.tool} {verb} {refusal.path}: {refusal.said}",
            _fix(project, refusal),
            refusal.origin,
            (Evidence(refusal.said, refusal.origin),),
            _severity(project, refusal),
            _stopped(refusal),
        )


def _severity(project: Project, refusal: Refusal) -> Severity | None:
    """A file of another tool's does not stop the project's own; newer pixis and Pythons read more.

    Whose project it is that this user may not even read is not known, unless it has a lock.
    """
    if refusal.kind in PASSED_OVER:
        return PASSED_OVER[refusal.kind]
    if refusal.kind is RefusalKind.ACCESS and project.manager is ProjectManager.PIP:
        return Severity.WARNING
    if refusal.kind is RefusalKind.SCHEMA and project.manager is ProjectManager.PIXI:
        return Severity.INFO
    if refusal.kind is RefusalKind.NEWER and refusal.tool != ProjectManager.UV.value:
        return Severity.WARNING
    return None if refusal.is_lock or refusal.tool == project.manager.value else Severity.WARNING


def _stopped(refusal: Refusal) -> Commands:
    """The commands that fail until the file is corrected."""
    tool, kind = refusal.tool, refusal.kind
    is_uvs = tool == ProjectManager.UV.value
    if kind in HARMLESS and not (is_uvs and kind is RefusalKind.NEWER):
        return ()
    whole = kind in UNREADABLE and not refusal.is_lock and tool in WHOLLY_STOPPED
    if whole or tool not in STOPPED:
        return ((tool,),)
    groups = is_uvs and kind is RefusalKind.CONTENT and not refusal.is_lock
    return (*STOPPED[tool], *(STOPPED_BY_GROUPS if groups else ()))


def _fix(project: Project, refusal: Refusal) -> Fix:
    if refusal.kind is RefusalKind.ACCESS:
        command = written("chmod", "a+r", refusal.path)
        text = f"Let this user read {refusal.path}, as its owner or as root{f': `{command}`' if command else ''}"
        return Fix(f"Let this user read {basename(refusal.path)}", Manual(text))
    return _relocked(project, refusal) if refusal.is_lock else _corrected(refusal)


def _corrected(refusal: Refusal) -> Fix:
    """What a person has to do to a file that people write."""
    place = f"{refusal.path} at line {refusal.line}" if refusal.line else refusal.path
    match refusal.kind:
        case RefusalKind.CONFLICT:
            text = f"Open {place}, keep one side, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>"
            return Fix("Resolve the merge conflict", Manual(text))
        case RefusalKind.MEMBER:
            text = f"Give that directory a pyproject.toml, delete it, or add it to `exclude` in {place}"
            return Fix("Correct the members of the workspace", Manual(text))
        case RefusalKind.TOOL:
            text = f"Install another {refusal.tool}, or correct what {place} asks for: {refusal.said}"
            return Fix(f"Install the {refusal.tool} that the project asks for", Manual(text))
        case _:
            return Fix(f"Correct {basename(refusal.path)}", Manual(f"Open {place}, and correct it: {refusal.said}"))


def _relocked(project: Project, refusal: Refusal) -> Fix:
    """Make a lock again: from what git has of before the merge, else from nothing."""
    name, directory, manager = basename(refusal.path), dirname(refusal.path), project.manager
    if manager not in LOCKERS or name == PYLOCK:
        verb = "lock" if manager is ProjectManager.PIXI else "export it"
        return Fix(f"Make {name} again", Manual(f"Move {refusal.path} aside, and {verb} again"))
    lock = Run(manager.value, "lock", directory=project.root)
    if refusal.resumable:
        summary = "Take the lock from before the merge, and lock again"
        before = Run("git", "-C", directory, "checkout", "HEAD", "--", name)
        return Fix(summary, before, lock, safety=Safety.CHANGES_STATE)
    newer = refusal.kind is RefusalKind.SCHEMA
    summary = f"Upgrade {manager.value}, or move the lock aside and lock again" if newer else "Lock again"
    moved = aside(refusal.path)
    return Fix(summary, moved, lock, safety=Safety.CHANGES_STATE, undo=put_over(moved))
