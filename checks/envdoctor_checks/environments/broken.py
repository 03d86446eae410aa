"""ENV: virtual environments that are not there, cannot run, or were never finished."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname, join

from envdoctor import (
    Activate,
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    SetVariable,
    Severity,
    check,
)
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.environments.condition import Condition, Defect, VenvConditions
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.context import Examined, Place
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.uv.directories import Standing
from envdoctor.facts.uv.project import UvProject
from envdoctor.facts.venv.active import ActiveVenv, VenvProblem
from envdoctor.facts.venv.layout import LinkState
from envdoctor.facts.venv.leftover import VenvLeftover
from envdoctor_checks.common.deactivation import deactivation
from envdoctor_checks.common.installing import made_by_venv
from envdoctor_checks.common.rebuild import (
    is_uvs,
    make_with_uv,
    rebuild,
    seed,
    wants_activation,
)
from envdoctor_checks.common.startup_edits import kept, lasting


@check("ENV001", severity=Severity.ERROR, since="0.1", unless=("TRM002",), where=("ActiveVenv.problem",))
def active_environment_gone(
    active: ActiveVenv, search_path: SearchPath, conditions: VenvConditions | None, examined: Examined
) -> Iterator[Finding]:
    """`VIRTUAL_ENV` names a directory that is gone, is not an environment, or changes its meaning after every `cd`.

    ## Why it matters
    The prompt still shows the environment, while `python` and `pip` are whatever comes next on the search path. Tools
    that read the variable fail, or quietly choose another environment: `uv pip` does.

    ## How to fix
    Deactivate the environment (`deactivate`, or unset `VIRTUAL_ENV` where that function is unknown) and activate one
    that exists. Write a relative value as an absolute path.

    ## Not a problem when
    The variable names the environment through a link, or with a trailing slash.
    """
    near = conditions.near if conditions else None
    if active.problem is None or (near and active.value == near.named_root):
        return  # what `activate` of a moved environment exports is told where the environment is
    value, place = active.value, join(examined.cwd or "/", active.value)
    on_path = search_path.position(join(place, "bin")) is not None
    evidence = [Evidence(f"VIRTUAL_ENV={value}", "VIRTUAL_ENV")]
    if on_path:
        evidence.append(Evidence(f"{value}/bin is on the search path", "PATH"))
    severity = Severity.ERROR if on_path else Severity.WARNING
    if active.venv is not None:
        message = f"VIRTUAL_ENV is {value}, a relative path, which names another place after the next cd"
        fix, severity = (
            Fix("Set VIRTUAL_ENV to the absolute path", SetVariable("VIRTUAL_ENV", active.venv.root)),
            Severity.WARNING,
        )
    elif active.problem is VenvProblem.NOT_AN_ENVIRONMENT:
        message = f"VIRTUAL_ENV is {value}, which is not a virtual environment"
        fix = _leave(place, near)
    else:
        message = f"VIRTUAL_ENV is {value}, which does not exist"
        fix = _leave(place, near)
    yield Finding(message, where="VIRTUAL_ENV", evidence=tuple(evidence), fix=fix, severity=severity)


def _leave(place: str, near: Condition | None) -> Fix:
    """Leave what is not there, for the project's own environment if that is sound."""
    leave = deactivation(place)
    if near and near.defect is None:
        return Fix("Deactivate the environment and activate the project's own", *leave, Activate(near.venv.root))
    return Fix("Deactivate the environment", *leave)


@check("ENV002", severity=Severity.ERROR, since="0.1", where=("VenvConditions.conditions.defect",))
def base_interpreter_gone(
    conditions: VenvConditions, builders: Builders, conda: CondaActivation | None
) -> Iterator[Finding]:
    """The Python that a virtual environment was made from has been removed.

    ## Why it matters
    A virtual environment borrows the interpreter and standard library of its base. An upgrade by Homebrew, apt or
    pyenv, or `uv python uninstall`, takes that away: nothing in the environment starts. Not activated it is worse: `uv
    pip` then silently works with another Python.

    ## How to fix
    Recreate the environment; it cannot be pointed at another base. Packages that no
    file lists are lost, unless the same Python is installed again: `uv python install 3.12`, `pyenv install 3.12.1`.

    ## Not a problem when
    The environment belongs to a container, where its base exists. One of tox or nox that is not active is not spoken
    of: they see that its Python has changed, and make it again in the next run.
    """
    for condition in conditions.suffering(Defect.BASE_GONE):
        venv = condition.venv
        other = conditions.active if conditions.active is not condition else None
        idle = not condition.active and (other is not None or (conda is not None and conda.position is not None))
        link = "is a link to" if venv.python_state is LinkState.DANGLING else "was copied from"
        yield Finding(
            f"{condition.kind} {venv.root} stands on {condition.lost}, which no longer exists",
            where=venv.config or venv.root,
            evidence=(Evidence(f"{venv.python} {link} {condition.lost}", venv.python), venv.config_line("home")),
            fix=rebuild(condition, builders),
            severity=Severity.WARNING if idle or (condition.lost or "").startswith("/nix/store/") else Severity.ERROR,
        )


@check("ENV008", severity=Severity.ERROR, since="0.1", where=("VenvConditions.conditions.defect", "VenvLeftover"))
def environment_incomplete(
    conditions: VenvConditions | None, leftover: VenvLeftover | None, builders: Builders
) -> Iterator[Finding]:
    """A virtual environment lacks what it needs: its interpreter, `pyvenv.cfg`, site-packages or `activate`.

    ## Why it matters
    Creation was interrupted (on Debian often because `python3-venv` is not installed), or parts were deleted. uv
    refuses such a `.venv` and stops; other tools use some other Python instead.

    ## How to fix
    Recreate it. Where creation failed because pip could not be set up, install `python3-venv` first, or use uv.

    ## Not a problem when
    `.venv` is a file or link that leads to an environment, the mount point of a container's volume, or a directory
    that keeps several environments. An environment may lack pip or `activate` on purpose.
    """
    for condition in conditions.suffering(Defect.INCOMPLETE) if conditions else ():
        venv = condition.venv
        usable = venv.python_state in (LinkState.SYMLINK, LinkState.REGULAR) and venv.config_problem is None
        yield Finding(
            f"{condition.kind} {venv.root} is incomplete: {condition.missing}",
            where=venv.root,
            evidence=(Evidence(condition.missing or "", venv.config or venv.root),),
            fix=rebuild(condition, builders),
            severity=Severity.WARNING if usable and venv.home else Severity.ERROR,
        )
    if leftover is not None:
        yield _not_an_environment(leftover, builders)


def _not_an_environment(leftover: VenvLeftover, builders: Builders) -> Finding:
    path = leftover.path
    if leftover.problem is VenvProblem.EMPTY_REDIRECT:
        fault = "is a file that names no environment"
    elif leftover.problem is VenvProblem.GONE:
        fault = f"leads to {leftover.target}, which does not exist"
    else:
        fault = f"{f'leads to {leftover.target}, which ' if leftover.target else ''}has no pyvenv.cfg"
    remains = Evidence(f"what is there: {', '.join(leftover.remains) or 'nothing of an environment'}", path)
    project = dirname(path)
    made: list[Run | Manual] = [*made_by_venv(next(iter(builders.pythons), "python3"), builders, path)]
    if builders.uv:
        pip = () if builders.manager is ProjectManager.UV else ("--seed",)
        made = [make_with_uv(path, builders, None, *pip)]
    activate = (Activate(path),) if wants_activation(builders) else ()
    if builders.manager is ProjectManager.UV and builders.project == project:
        made.append(Run("uv", "sync", directory=project))
    return Finding(
        f"{path} {fault}, so it is not an environment, and uv refuses to work here",
        where=path,
        evidence=(remains,),
        fix=Fix("Recreate the environment", Run("rm", "-rf", "--", path), *made, *activate, safety=Safety.DESTRUCTIVE),
        severity=Severity.ERROR if builders.manager is ProjectManager.UV else Severity.WARNING,
    )


@check("ENV010", severity=Severity.WARNING, since="0.1", where=("VenvConditions.conditions.defect",))
def made_for_another_machine(
    conditions: VenvConditions,
    builders: Builders,
    examined: Examined,
    uv: UvProject | None,
    startup: StartupFiles | None,
    exported: ExportedLines | None,
) -> Iterator[Finding]:
    """A virtual environment was made by Windows, in a container or on another machine, and cannot run here.

    ## Why it matters
    A project directory that is shared (WSL and Windows, a bind mount, a synchronised folder) brings its `.venv` along.
    Its interpreter is a path of the other machine. A tool that cannot use it may delete it, and break it over there.

    ## How to fix
    Do not change that one; create a second one for this machine beside it. uv removes a `.venv` that does not run here,
    so set `UV_PROJECT_ENVIRONMENT` to the name of the second one, in a start-up file of this machine. The name alone is
    below each project: uv's other projects here get an environment of that name too, each its own.

    ## Not a problem when
    Another environment, made for this machine, is active, or `UV_PROJECT_ENVIRONMENT` names one.
    """
    active = conditions.active
    named = uv.environment if uv and uv.origin else None
    served = (active and active.defect is None) or (named and named.standing is Standing.ENVIRONMENT)
    for condition in conditions.suffering(Defect.OTHER_MACHINE):
        if not condition.active and served:
            continue
        venv = condition.venv
        evidence = [venv.config_line("home")]
        if venv.is_for_windows:
            message = f"{venv.root} was made by a Windows Python and cannot run here"
            evidence.insert(0, Evidence(f"its programs are in {venv.scripts}", venv.root))
        else:
            message = f"{venv.root} was made in a container or on another machine: it stands on {condition.lost}"
        if condition.named_root:
            evidence.append(Evidence(f"VIRTUAL_ENV={condition.named_root}", venv.activate or venv.root))
        yield Finding(
            message,
            where=venv.config or venv.root,
            evidence=tuple(evidence),
            fix=_second(condition, builders, examined, startup, exported),
            severity=Severity.ERROR if venv.is_for_windows or condition.active else Severity.WARNING,
        )


def _second(
    condition: Condition,
    builders: Builders,
    examined: Examined,
    startup: StartupFiles | None,
    exported: ExportedLines | None,
) -> Fix:
    """An environment for this machine, beside the other one."""
    places = {Place.CONTAINER: "container", Place.WSL: "wsl"}
    suffix = next((name for place, name in places.items() if examined.at(place)), examined.system.lower())
    root = condition.venv.root.rstrip("/")
    second = f"{root}-{suffix}"
    leave = deactivation(condition.venv.root) if condition.active else ()
    summary = "Create a second environment for this machine beside the other one"
    synced = builders.manager is ProjectManager.UV and builders.project is not None
    if synced:
        made: tuple[Run | Manual, ...] = (Run("uv", "sync", directory=builders.project),)
    elif is_uvs(condition.venv, builders):
        made = (Run("uv", "venv", *seed(condition.venv), *builders.other_than_asked(), second),)
    else:
        made = made_by_venv(next(iter(builders.pythons), "python3"), builders, second)
    if not synced and not (builders.uv and builders.project and basename(root) == ".venv"):
        return Fix(summary, *leave, *made, Activate(second), safety=Safety.CHANGES_STATE)
    # a name alone is below each project; a whole path would send every project of new shells into this environment
    name = basename(second) if dirname(second) == builders.project else second
    fix = Fix(
        f"{summary}, and have uv use it in new shells too",
        *leave,
        SetVariable("UV_PROJECT_ENVIRONMENT", name),
        *made,
        Activate(second),
        safety=Safety.CHANGES_STATE,
    )
    return lasting(fix, exported) if name == second else kept(fix, exported, examined, startup)
