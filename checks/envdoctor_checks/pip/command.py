"""PIP: which pip answers, and does it install into the Python that runs?"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname, join

from envdoctor import (
    Activate,
    Evidence,
    Finding,
    Fix,
    Manual,
    PrependPath,
    Run,
    Safety,
    Scope,
    Severity,
    check,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.commands.resolve import ShimManager
from envdoctor.facts.environments.condition import VenvConditions
from envdoctor.facts.pip.command import BarePip
from envdoctor.facts.pip.options import switched
from envdoctor.facts.pip.settings import PipSettings
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.python.active import Answers
from envdoctor.facts.python.interpreters import Interpreter
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.search_path import EntryKind, SearchPath
from envdoctor.facts.shell.hashed_commands import CommandCache
from envdoctor.facts.venv.active import ActiveVenv, ProjectVenv
from envdoctor.facts.venv.layout import Tool, Venv
from envdoctor_checks.common.installing import pip_brought, reinstalled
from envdoctor_checks.common.wording import (
    found,
    fresh_environment,
    named,
    python_of,
    same_environment,
    venv_of,
)

# a pip that is put there is removed by the next `uv sync`
UV_ADDS = Fix(
    "Install with uv instead of pip", Manual("Write `uv add PACKAGE` where you would write `pip install PACKAGE`")
)


WITH_PIXI = "Install with `pixi add --pypi NAME` instead; if a tool insists on pip, add it to the environment"


CRLF = "the first line of its launcher ends in a carriage return (CRLF, the line ends of Windows)"


@check("PIP001", severity=Severity.ERROR, since="0.1", unless=("ENV004", "PYE001"))
def pip_installs_elsewhere(
    pip: BarePip,
    answers: Answers,
    commands: Commands,
    settings: PipSettings,
    active: ActiveVenv | None,
    project: ProjectVenv | None,
    conda: CondaActivation | None,
    around: Project | None,
) -> Iterator[Finding]:
    """A bare `pip` installs into another environment than the one that `python` runs in.

    ## Why it matters
    `pip install` says that it worked, and `import` does not find the package: it went into the environment of the first
    `pip` on the search path. Most often the active environment has no pip of its own, because `uv venv` puts none into
    it or conda created it without, and the shell takes the next one.

    ## How to fix
    In an environment made by uv, install with `uv pip install`; in that of a project kept with uv, with `uv add`. Where
    a tool insists on pip, put it into the environment once. `python -m pip` is always the pip of that Python, or says
    that there is none.

    ## Not a problem when
    `pip` is never typed, because uv or conda installs everything: then it is better to have no pip on the search path
    at all. A `PIP_PYTHON` that names the environment also makes every pip install there.
    """
    python = python_of(answers).interpreter
    if python is None or pip.interpreter is None or same_environment(python, pip.interpreter):
        return
    if settings.effective("python", "global"):
        return  # sends every pip to the Python that it names, which PIP003 judges
    if active and active.venv and active.venv.real == pip.interpreter.root:
        return  # pip is right and python is not, which PY002 says
    venv = venv_of(python, active, project)
    if python.pip is not None:
        why, fix = _hidden(pip, python, venv, commands)
    elif venv and around and around.manager is ProjectManager.UV and dirname(venv.root) == around.workspace_root:
        why, fix = ", which uv keeps for the project without pip", UV_ADDS
    else:
        why, fix = _lacks_pip(python, venv, commands, conda)
    verb, own = "installs into" if _installs(pip, settings) else "belongs to", python_of(answers).name
    yield Finding(
        f"`{pip.command}` {verb} {named(pip.interpreter)}, but `{own}` runs in {named(python)}{why}",
        where=pip.hit.path,
        evidence=_proof(pip, answers, python, venv),
        fix=fix,
        severity=Severity.ERROR if _installs(pip, settings) else Severity.WARNING,
    )


def _installs(pip: BarePip, settings: PipSettings) -> bool:
    """Whether this pip would install silently: its Python is not managed externally, or the guard is off."""
    bypass = settings.effective("break-system-packages")
    return not pip.is_guarded or bool(bypass and switched(bypass.value))


def _proof(pip: BarePip, answers: Answers, python: Interpreter, venv: Venv | None) -> tuple[Evidence, ...]:
    own = python_of(answers)
    lines = [found(pip.command, pip.hit, pip.interpreter)]
    lines += [found(own.name, own.hit, python)] if own.hit else []
    if venv and venv.tool is Tool.UV and python.pip is None:
        lines.append(venv.config_line("uv"))
    if pip.is_guarded and pip.interpreter and pip.interpreter.externally_managed:
        lines.append(Evidence("this pip refuses to install", pip.interpreter.externally_managed))
    return tuple(lines)


def _lacks_pip(
    python: Interpreter, venv: Venv | None, commands: Commands, conda: CondaActivation | None
) -> tuple[str, Fix]:
    """Why an environment has no pip, and how it gets one: from the tool that made it."""
    state = Safety.CHANGES_STATE
    if python.is_conda and not python.is_venv:
        if pixi := _pixi(python, conda):
            return ", which pixi keeps without pip", Fix(WITH_PIXI, pixi, safety=state)
        tool = next((name for name in ("conda", "mamba", "micromamba") if commands.first(name)), "conda")
        place = () if conda and conda.real == python.root else ("--prefix", python.prefix)
        install = Run(tool, "install", *place, "pip")
        return ", a conda environment without pip", Fix("Install pip into the conda environment", install, safety=state)
    if venv and venv.tool is Tool.UV and commands.first("uv"):
        summary = "Install with `uv pip install` instead; if a tool insists on pip, add it to the environment"
        install = Run("uv", "pip", "install", "--python", python.path, "pip")
        return ", where uv has put no pip", Fix(summary, install, safety=state)
    hit = commands.first("python") or commands.first("python3")
    if hit and hit.manager is ShimManager.PYENV:
        steps = (*pip_brought(python, uv=False), Run("pyenv", "rehash"))
        return ", which has no pip", Fix("Install pip into this Python", *steps, safety=state)
    return ", which has no pip", _launcher_regenerated(python, commands)


def _pixi(python: Interpreter, conda: CondaActivation | None) -> Run | None:
    """The command of pixi that puts pip into its environment; None if this is none of pixi's."""
    project, is_inside, _ = python.root.partition("/.pixi/envs/")
    if is_inside:
        return Run("pixi", "add", "pip", directory=project)
    return Run("pixi", "add", "pip") if conda and conda.is_pixi and conda.real == python.root else None


def _hidden(pip: BarePip, python: Interpreter, venv: Venv | None, commands: Commands) -> tuple[str, Fix]:
    """Why an environment's own pip does not answer, and what brings it to the front."""
    own = [hit for hit in commands.all(pip.command) if hit.runs in python.asked_as]
    if pip.hit.directory == python.bin:
        return f", whose own {pip.hit.path} names another Python", _launcher_regenerated(python, commands)
    if not own:
        return ", whose own pip has no launcher of this name on the search path", _launcher_regenerated(
            python, commands
        )
    why = f", whose own {own[0].path} comes later on the search path"
    if venv and venv.activate and venv.activate_is_here:
        return why, Fix("Put the environment first again", Activate(venv.root))
    return why, Fix(f"Put the directory of the right `{pip.command}` first", PrependPath(own[0].directory))


def _launcher_regenerated(python: Interpreter, commands: Commands) -> Fix:
    """Let pip write its own scripts again, for the Python that runs it; without any pip, get one.

    A Python that is managed externally refuses both.
    """
    if python.externally_managed and not python.is_venv:
        fresh = fresh_environment(python, commands, pip=True)
        return Fix("Create a virtual environment, which has its own pip", *fresh, safety=Safety.CHANGES_STATE)
    if python.pip is None:
        steps = pip_brought(python, uv=commands.first("uv") is not None)
        return Fix("Install pip into this Python", *steps, safety=Safety.CHANGES_STATE)
    renew = Run(python.path, "-m", "pip", "install", "--force-reinstall", "--no-deps", "pip")
    return Fix("Reinstall pip to regenerate its launcher", renew, safety=Safety.CHANGES_STATE)


@check("PIP002", severity=Severity.ERROR, since="0.1")
def pip_launcher_broken(
    pip: BarePip,
    answers: Answers,
    commands: Commands,
    search_path: SearchPath,
    conditions: VenvConditions | None,
) -> Iterator[Finding]:
    """The `pip` that the shell finds cannot run: its Python is gone or broken, or has no package pip.

    ## Why it matters
    A `pip` is a script that names one Python by its full path. When that Python is upgraded away, or the environment is
    moved, typing `pip` ends in `bad interpreter` or `required file not found`, or stops at a shim that has nothing to
    run. Where only the script is left and the package is gone, as after an upgrade that was interrupted, it ends in
    `No module named 'pip'`.

    ## How to fix
    Reinstall pip with the environment's own Python, which regenerates the script. A `pip` left over from a Python that
    is gone can be disabled or removed; then the next one on the search path answers. One with the line ends of Windows
    (`bad interpreter: …^M`) is converted with `dos2unix FILE`, or with sed. A missing package comes back with
    `python -m ensurepip`, or with `uv pip install pip`.

    ## Not a problem when
    `pip` is another program: a wrapper, or an archive that brings its own package along.
    """
    if conditions and any(condition.defect and _belongs(pip, condition.venv) for condition in conditions.conditions):
        return  # what the environment suffers from is told there
    own = python_of(answers)
    is_relative = search_path.entries[pip.hit.position].kind in (EntryKind.EMPTY, EntryKind.RELATIVE)
    if pip.lacks_package and pip.interpreter and not is_relative:
        yield _without_package(pip, pip.interpreter, commands)
    if pip.fault is None or is_relative or own.fault:
        return  # or has the same reason as `python`, which PY004 gives
    behind = [hit for hit in commands.all(pip.command)[1:] if hit.runs and not hit.same_as]
    fault = CRLF if _has_crlf(pip) else pip.fault
    yield Finding(
        f"`{pip.command}` does not run: {fault}",
        where=pip.hit.path,
        evidence=(
            Evidence(pip.hit.header.line if pip.hit.header else pip.fault, f"{pip.hit.path}:1"),
            *(found(pip.command, hit) for hit in behind[:1]),
        ),
        fix=_replaced(pip, own.interpreter, commands),
    )


def _belongs(pip: BarePip, venv: Venv) -> bool:
    """Whether this pip is a program of the environment."""
    return pip.hit.directory.rstrip("/") in (venv.scripts, join(venv.real, "bin"))


def _without_package(pip: BarePip, python: Interpreter, commands: Commands) -> Finding:
    uv = commands.first("uv") is not None
    if python.is_venv and uv:
        steps: tuple[Run | Manual, ...] = reinstalled(python.path, "pip", with_uv=True)
    else:  # a record that is left has ensurepip believe that pip is there
        leftover = (Run("rm", "-rf", "--", *pip.remains),) if pip.remains else ()
        steps = (*leftover, *pip_brought(python, uv=uv))
    fix = Fix("Install pip into its Python", *steps, safety=Safety.CHANGES_STATE)
    return Finding(
        f"`{pip.command}` does not run: {named(python)} has no package pip, only its launcher",
        where=pip.hit.path,
        evidence=(found(pip.command, pip.hit, python), Evidence("No module named 'pip'", python.path)),
        fix=_launcher_regenerated(python, commands) if python.externally_managed and not python.is_venv else fix,
    )


def _has_crlf(pip: BarePip) -> bool:
    """Whether the launcher has the line ends of Windows, of which the first belongs to the name of its program then."""
    return pip.hit.header is not None and pip.hit.header.line.endswith("\r")


def _replaced(pip: BarePip, python: Interpreter | None, commands: Commands) -> Fix:
    path = pip.hit.path
    if python and pip.hit.manager is ShimManager.PYENV:
        steps = (*pip_brought(python, uv=False), Run("pyenv", "rehash"))
        return Fix("Install pip into the selected version", *steps, safety=Safety.CHANGES_STATE)
    if python and pip.hit.directory == python.bin:
        return _launcher_regenerated(python, commands)
    if _has_crlf(pip):
        converted = Run("sed", "-i", "s/\\r$//", pip.hit.real)
        return Fix("Convert the launcher's line ends", converted, safety=Safety.CHANGES_STATE)
    switched_off = Run("chmod", "-x", path)
    summary = "Disable the broken launcher, so that the next one answers"
    return Fix(summary, switched_off, safety=Safety.CHANGES_STATE, undo=(Run("chmod", "+x", path),))


@check("PIP009", severity=Severity.INFO, since="0.1")
def stale_command_cache(cache: CommandCache) -> Iterator[Finding]:
    """A command came into the active environment while the shell was running, which may still run the old one.

    ## Why it matters
    bash and zsh remember where they found a command. After `pip` (or `pytest`, `uv` …) has been installed into an
    environment that was already active, `which pip` names the new one, and the shell goes on running the old one. What
    the shell remembers cannot be seen from outside, so this is only info.

    ## How to fix
    Run `hash -r`. Activating the environment again or opening a new terminal has the same effect.

    ## Not a problem when
    The command has not been run in this shell before, or the environment has been activated since. A `pip` that came
    with the environment has only been upgraded.
    """
    if not cache.commands:
        return
    names = ", ".join(f"`{command.name}`" for command in cache.commands)
    first = cache.commands[0]
    yield Finding(
        f"{names} came into the active environment while this {cache.shell} was running: it may still run the old one",
        where=first.path,
        evidence=tuple(
            Evidence(f"{command.path} is newer than the shell", f"before it, `{command.name}` was {command.before}")
            for command in cache.commands
        ),
        fix=Fix("Clear the shell's command cache", Run("hash", "-r"), scope=Scope.SESSION),
    )
