"""PRJ: do the managers of a project agree with each other, and with the environment that is active?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import basename

from envdoctor import (
    Activate,
    Deactivate,
    Evidence,
    Finding,
    Fix,
    Manager,
    Manual,
    RemoveFromPath,
    Run,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.commands.commands import TRACKED, Commands
from envdoctor.facts.dependencies.lock import LockContent, SeveralLocks
from envdoctor.facts.environments.condition import VenvConditions
from envdoctor.facts.project.environment import InstalledPackages
from envdoctor.facts.project.pipenv import PipenvChoice, PipenvEnvironment
from envdoctor.facts.project.poetry import PoetryChoice, PoetryEnvironment
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor_checks.common.deactivation import deactivation
from envdoctor_checks.common.moves import aside, moved_back

SHOWN = 3


@check("PRJ005", severity=Severity.WARNING, since="0.1")
def managers_compete(
    project: Project, locks: SeveralLocks | None, commands: Commands, installed: InstalledPackages | None
) -> Iterator[Finding]:
    """Several managers have locked this project differently, or the one that has locked it is not installed.

    ## Why it matters
    Each manager installs other versions, and only one of the locks is kept up to date. Without the
    manager itself, nothing installs what the lock says.

    ## How to fix
    Keep one manager: move the other's lock aside. Install the one that is missing.

    ## Not a problem when
    The locks agree, as after a change of managers; a requirements file has been exported beside a lock; other managers
    are installed, or configured for their own work.
    """
    if locks:
        kept = locks.locks[0]
        for other in locks.locks[1:]:
            if contradictions := tuple(_contradictions(kept, other)):
                yield _competing(kept, other, contradictions)
                return
    name, lock = project.manager.value, project.lock_of(project.manager)
    as_module = installed is not None and any(package.name == name for package in installed.packages)
    if lock and name in TRACKED and not (commands.first(name) or as_module or project.claims_of(ProjectManager.PIP)):
        yield Finding(
            f"{lock} belongs to {name}, which is not installed",
            _installing(name, commands),
            lock,
            (Evidence(f"no `{name}` on the search path", "PATH"),),
            Severity.INFO,
        )


def _contradictions(one: LockContent, other: LockContent) -> Iterator[str]:
    """The packages that both lock, at versions of which none is the same."""
    versions: Mapping[str, tuple[str, ...]] = {package.name: package.versions for package in one.packages}
    for package in other.packages:
        known = versions.get(package.name)
        if known and not set(known) & set(package.versions):
            yield f"{package.name} at {known[0]} and at {package.versions[0]}"


def _competing(kept: LockContent, other: LockContent, contradictions: tuple[str, ...]) -> Finding:
    count = len(contradictions)
    more = f" and {count - SHOWN} more" if count > SHOWN else ""
    moved = aside(other.path)
    return Finding(
        f"{basename(kept.path)} and {basename(other.path)} lock {', '.join(contradictions[:SHOWN])}{more}",
        Fix(
            f"Keep the lock of {kept.manager.value}, and move the other aside",
            moved,
            safety=Safety.CHANGES_STATE,
            undo=moved_back(moved),
        ),
        kept.path,
        (
            Evidence(f"{kept.manager.value} has locked the project", kept.path),
            Evidence(f"{other.manager.value} has locked it too", other.path),
        ),
    )


def _installing(name: str, commands: Commands) -> Fix:
    for installer, command in (("uv", ("uv", "tool", "install")), ("pipx", ("pipx", "install"))):
        if commands.first(installer) and name != ProjectManager.PIXI.value:
            return Fix(f"Install {name}", Run(*command, name), safety=Safety.CHANGES_STATE)
    return Fix(f"Install {name}", Manual(f"Install {name} as its documentation says, outside of the project"))


@check("PRJ006", severity=Severity.WARNING, since="0.1")
def poetry_or_pipenv_elsewhere(
    project: Project,
    poetry: PoetryEnvironment | None,
    pipenv: PipenvEnvironment | None,
    conda: CondaActivation | None,
    conditions: VenvConditions | None,
) -> Iterator[Finding]:
    """Poetry or pipenv works in another environment than the one that is active, or than the project's own.

    ## Why it matters
    Both take over whatever environment is active. With conda's base active too, poetry even ignores a virtual
    environment that has been activated. Then `poetry install` and `python` mean different places.

    ## How to fix
    Deactivate the environment that is in the way, so that the manager finds the project's own.

    ## Not a problem when
    Nothing but conda's base is active: `poetry run` finds its own environment. The active environment is the project's
    own, or it is the only one that the project has, as in a container.
    """
    owner = _other_owner(project, conditions)
    match project.manager:
        case ProjectManager.POETRY if poetry:
            yield from _poetry(poetry, conda, owner)
        case ProjectManager.PIPENV if pipenv and pipenv.choice is PipenvChoice.VIRTUAL_ENV and not pipenv.is_own:
            yield from _elsewhere("pipenv", pipenv.root, pipenv.own if pipenv.own_exists else None, owner)
        case _:
            pass


def _other_owner(project: Project, conditions: VenvConditions | None) -> str | None:
    """The other project that the active environment was made for, if one was: not one around this, nor one inside."""
    owner = conditions.active.belongs_to if conditions and conditions.active else None
    related = owner and (f"{project.root}/".startswith(f"{owner}/") or f"{owner}/".startswith(f"{project.root}/"))
    return None if related else owner


def _poetry(poetry: PoetryEnvironment, conda: CondaActivation | None, owner: str | None) -> Iterator[Finding]:
    own = next(iter(poetry.own), None)
    if poetry.ignored:
        goes = f"works in {poetry.root}" if poetry.root else "would make another one"
        yield Finding(
            f"poetry ignores the active {poetry.ignored}, because conda's base is active too, and {goes}",
            Fix(
                "Deactivate the environment and activate the project's own",
                *deactivation(poetry.ignored),
                Activate(own),
            )
            if own
            else Fix("Deactivate conda's base environment", Deactivate(Manager.CONDA)),
            "CONDA_DEFAULT_ENV",
            (Evidence("CONDA_DEFAULT_ENV=base", "CONDA_DEFAULT_ENV"), Evidence(poetry.ignored, "VIRTUAL_ENV")),
        )
    elif poetry.choice is PoetryChoice.VIRTUAL_ENV and not poetry.is_own:
        yield from _elsewhere("poetry", str(poetry.root), own, owner)
    elif poetry.choice is PoetryChoice.CONDA_PREFIX and own and conda and not conda.is_base:
        yield _in_the_way("poetry", str(poetry.root), own, "CONDA_PREFIX", Deactivate(Manager.CONDA))


def _elsewhere(tool: str, root: str, own: str | None, owner: str | None) -> Iterator[Finding]:
    """What to say of a manager that works in the active virtual environment, which is not the project's own."""
    if own:
        yield _in_the_way(tool, root, own, "VIRTUAL_ENV", *deactivation(root))
    elif owner:
        yield Finding(
            f"{tool} works in the active environment {root}, which belongs to the project {owner}",
            Fix(f"Deactivate the environment, so that {tool} creates one for this project", *deactivation(root)),
            "VIRTUAL_ENV",
            (Evidence(root, "VIRTUAL_ENV"),),
        )


def _in_the_way(tool: str, root: str, own: str, variable: str, *leave: Deactivate | RemoveFromPath) -> Finding:
    return Finding(
        f"{tool} uses the active environment {root} instead of the project's own {own}",
        Fix("Deactivate the environment and activate the project's own", *leave, Activate(own)),
        variable,
        (Evidence(root, variable), Evidence(f"{own} exists", own)),
    )
