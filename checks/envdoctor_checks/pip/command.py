"""PIP: which pip answers, and does it install into the Python that runs?"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname

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
from envdoctor.facts.pip.command import BarePip
from envdoctor.facts.pip.options import switched
from envdoctor.facts.pip.settings import PipSettings
from envdoctor.facts.project.manager_environment import ManagedEnvironment
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.python.active import Answers
from envdoctor.facts.python.interpreters import Interpreter
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.shell.hashed_commands import CommandCache
from envdoctor.facts.venv.active import ActiveVenv, ProjectVenv
from envdoctor.facts.venv.layout import Tool, Venv
from envdoctor_checks.common.installing import pip_brought, shims_renewed
from envdoctor_checks.common.path_causes import is_usable
from envdoctor_checks.common.wording import (
    brought_forward,
    found,
    named,
    python_of,
    same_environment,
    venv_of,
)
from envdoctor_checks.pip.launcher import launcher_regenerated

# a pip that is put there is removed by the next `uv sync`
UV_ADDS = Fix(
    "Install with uv instead of pip", Manual("Write `uv add PACKAGE` where you would write `pip install PACKAGE`")
)


WITH_PIXI = "Install with `pixi add --pypi NAME` instead; if a tool insists on pip, add it to the environment"


@check("PIP001", severity=Severity.ERROR, since="0.1", unless=("ENV004", "PYE001"), where=("Answers.differ",))
def pip_installs_elsewhere(
    pip: BarePip,
    answers: Answers,
    commands: Commands,
    settings: PipSettings,
    active: ActiveVenv | None,
    project: ProjectVenv | None,
    conda: CondaActivation | None,
    managed: ManagedEnvironment | None,
) -> Iterator[Finding]:
    """A bare `pip` installs into another environment than the one that `python` runs in.

    ## Why it matters
    `pip install` says that it worked, and `import` does not find the package: it went into the environment of the first
    `pip` on the search path. Most often the active environment has no pip of its own, because `uv venv` puts none into
    it or conda created it without, and the shell takes the next one.

    ## How to fix
    In an environment made by uv, install with `uv pip install`; in that of a project kept with uv, with `uv add`. Where
    a tool insists on pip, put it into the environment once. Where neither is in the active environment, activate that
    again. `python -m pip` is always the pip of that Python, or says
    that there is none.

    ## Not a problem when
    `pip` is never typed, because uv or conda installs everything: then it is better to have no pip on the search path
    at all. A `PIP_PYTHON` that names the environment also makes every pip install there. Where uv, pdm or another
    manager has made the environment for the project, and that `pip` refuses to install, nothing lands in the wrong
    place: that is only info.
    """
    python = python_of(answers).interpreter
    if python is None or pip.interpreter is None or same_environment(python, pip.interpreter):
        return
    if settings.effective("python", "global"):
        return  # sends every pip to the Python that it names, which PIP003 judges
    if active and active.venv and active.venv.real == pip.interpreter.root:
        return  # pip is right and python is not, which PY002 says
    venv = venv_of(python, active, project)
    manager = managed.manager if venv and managed and managed.real == venv.real else None
    if active and active.venv and is_usable(active.venv) and active.venv.real != python.root:
        why = f"; {active.venv.root} is active, and neither is there"
        fix = Fix("Activate the environment again", brought_forward(active.venv))
    elif python.pip is not None:
        why, fix = _hidden(pip, python, venv, commands)
    elif manager is ProjectManager.UV:
        why, fix = ", which uv keeps for the project without pip", UV_ADDS
    else:
        why, fix = _lacks_pip(python, venv, commands, conda)
    installs, own = _installs(pip, settings), python_of(answers).name
    verb = "installs into" if installs else "belongs to"
    mild = Severity.INFO if manager else Severity.WARNING
    yield Finding(
        f"`{pip.command}` {verb} {named(pip.interpreter)}, but `{own}` runs in {named(python)}{why}",
        where=pip.hit.path,
        evidence=_proof(pip, answers, python, venv),
        fix=fix,
        severity=Severity.ERROR if installs else mild,
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
    if renewed := shims_renewed(commands.first("python") or commands.first("python3")):
        steps = (*pip_brought(python, uv=False), renewed)
        return ", which has no pip", Fix("Install pip into this Python", *steps, safety=state)
    return ", which has no pip", launcher_regenerated(python, commands)


def _pixi(python: Interpreter, conda: CondaActivation | None) -> Run | None:
    """The command of pixi that puts pip into its environment; None if this is none of pixi's."""
    project, is_inside, _ = python.root.partition("/.pixi/envs/")
    if is_inside:
        return Run("pixi", "add", "pip", directory=project)
    return Run("pixi", "add", "pip") if conda and conda.is_pixi and conda.real == python.root else None


def _hidden(pip: BarePip, python: Interpreter, venv: Venv | None, commands: Commands) -> tuple[str, Fix]:
    """Why an environment's own pip does not answer, and what brings it to the front."""
    own = [hit for hit in commands.all(pip.command) if hit.runs and _is_of(python, hit.runs)]
    if pip.hit.directory == python.bin:
        return f", whose own {pip.hit.path} names another Python", launcher_regenerated(python, commands)
    if not own:
        return ", whose own pip has no launcher of this name on the search path", launcher_regenerated(python, commands)
    why = f", whose own {own[0].path} comes later on the search path"
    if venv and venv.activate and venv.activate_is_here:
        return why, Fix("Put the environment first on the search path", Activate(venv.root))
    return why, Fix(f"Put the directory of the right `{pip.command}` first", PrependPath(own[0].directory))


def _is_of(python: Interpreter, path: str) -> bool:
    """Whether a path names this interpreter: one that was asked, or another name in its environment."""
    return path in python.asked_as or dirname(path) == python.bin


@check("PIP009", severity=Severity.INFO, since="0.1", where=("CommandCache.commands",))
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
