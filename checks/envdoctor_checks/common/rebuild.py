"""How is an environment made again: by whom, with which Python, and with what in it?"""

from __future__ import annotations

from posixpath import dirname, join

from envdoctor import (
    Activate,
    Fix,
    Manual,
    Run,
    Safety,
)
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.environments.condition import Condition
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.venv.layout import Form, Tool, Venv
from envdoctor_checks.common.deactivation import deactivation
from envdoctor_checks.common.installing import installed, made_by_venv

UV_CLEARS_SINCE = (0, 8)


def rebuild(condition: Condition, builders: Builders, *, active: str | None = None, python: str | None = None) -> Fix:
    """The fix that replaces an environment by a sound one at the same place.

    Args:
        condition: the environment.
        builders: what can make an environment here.
        active: what `VIRTUAL_ENV` names, if the shell has to leave that for the new one.
        python: the interpreter to build on, if not the one that the environment stands on.
    """
    steps, installs = _steps(condition, builders, python)
    was_for = "" if python else _version_lost(condition, steps)
    summary = f"Recreate the environment{was_for}{', and' if installs else '; then'} install its packages again"
    if active is not None and active != condition.venv.root:
        leave = deactivation(active)
        return Fix(summary, *steps, *leave, Activate(condition.venv.root), safety=Safety.DESTRUCTIVE)
    activate = (Activate(condition.venv.root),) if wants_activation(builders) else ()
    return Fix(summary, *steps, *activate, safety=Safety.DESTRUCTIVE)


def _version_lost(condition: Condition, steps: tuple[Run | Manual, ...]) -> str:
    """What to say where the environment is made with any Python there is: packages may need the one it had."""
    minor = minor_of(condition.venv)
    commands = [step.argv for step in steps if isinstance(step, Run)]
    by_any = any(argv[1:3] == ("-m", "venv") or argv[0] == "virtualenv" for argv in commands)
    return f" (it was made for Python {minor})" if by_any and minor and not condition.rebuild_with else ""


def wants_activation(builders: Builders) -> bool:
    """Whether an environment that is made is of use only once it is active: no manager finds it, and none else is."""
    return builders.idle and builders.manager in (None, ProjectManager.PIP)


def _steps(condition: Condition, builders: Builders, python: str | None) -> tuple[tuple[Run | Manual, ...], bool]:
    """The commands, and whether they also install what belongs into the environment."""
    venv, project = condition.venv, builders.project
    beside = project is not None and dirname(venv.root) == project and venv.form is Form.DIRECTORY
    if condition.near and (beside or condition.managed_by):
        match builders.manager:
            case ProjectManager.UV:
                made = make_with_uv(place_of(venv), builders, python, directory=project)
                return (*remains_removed(venv), made, Run("uv", "sync", directory=project)), True
            case ProjectManager.POETRY:
                # `poetry env remove --all` would take the project's sound environments along
                remove = Run("rm", "-rf", "--", place_of(venv))
                return (remove, Run("poetry", "install", directory=project)), True
            case ProjectManager.PIPENV:
                own = () if builders.idle else (("PIPENV_IGNORE_VIRTUALENVS", "1"),)
                words = ("--rm", "sync" if builders.locked else "install")
                return tuple(Run("pipenv", word, variables=own, directory=project) for word in words), True
            case _:
                pass
    filled = _install_requirements(venv, builders) if condition.near else ()
    return (*remains_removed(venv), *make_again(condition, builders, python), *filled), bool(filled)


def remains_removed(venv: Venv) -> tuple[Run, ...]:
    """The removal of a directory that `pyvenv.cfg` does not make an environment.

    `uv venv` refuses to clear it, and its `python` is the base itself: a later step would install there.
    """
    return () if venv.settings is not None else (Run("rm", "-rf", "--", place_of(venv)),)


def make_again(condition: Condition, builders: Builders, python: str | None = None) -> tuple[Run | Manual, ...]:
    """The commands of the tool that made an environment, to make it again where it stands."""
    venv = condition.venv
    root = place_of(venv)
    python = python or condition.rebuild_with
    site = ("--system-site-packages",) if venv.value("include-system-site-packages") == "true" else ()
    if is_uvs(venv, builders):
        return (make_with_uv(root, builders, python or minor_of(venv), *seed(venv), *site),)
    python = python or next(iter(builders.pythons), "python3")
    if venv.tool is Tool.VIRTUALENV and builders.virtualenv:
        return (Run("virtualenv", "--clear", *site, "-p", python, root),)
    if condition.base_lacks_pip and builders.uv:
        return (make_with_uv(root, builders, python, *seed(venv), *site),)
    if condition.base_lacks_pip:
        package = Run("sudo", "apt", "install", f"python{minor_of(venv) or 3}-venv")
        return package, Run(python, "-m", "venv", "--clear", *site, root)
    return made_by_venv(python, builders, "--clear", *site, root)


def is_uvs(venv: Venv, builders: Builders) -> bool:
    """Whether uv makes an environment again: it made it, or nobody knows who did."""
    return builders.uv is not None and venv.tool in (Tool.UV, Tool.UNKNOWN)


def seed(venv: Venv) -> tuple[str, ...]:
    """What lets `uv venv` put pip into an environment, where the one that it replaces has it, or was meant to."""
    return ("--seed",) if venv.has_pip or venv.tool is not Tool.UV else ()


def make_with_uv(
    root: str, builders: Builders, python: str | None = None, *options: str, directory: str | None = None
) -> Run:
    """`uv venv` in place of what is there. Before 0.8 it needed no option for that, and knew none."""
    clear = ("--clear",) if (builders.uv or UV_CLEARS_SINCE) >= UV_CLEARS_SINCE else ()
    wanted = ("--python", python) if python else builders.other_than_asked()
    return Run("uv", "venv", *clear, *options, *wanted, root, directory=directory)


def minor_of(venv: Venv) -> str | None:
    """The minor version that an environment was made for, as its configuration says."""
    return ".".join(venv.version.split(".")[:2]) if venv.version else None


def place_of(venv: Venv) -> str:
    """The directory to make the environment in: that which a link or a redirect file leads to."""
    return venv.root if venv.form is Form.DIRECTORY else venv.real


def _install_requirements(venv: Venv, builders: Builders) -> tuple[Run, ...]:
    if builders.requirements is None or dirname(builders.requirements) != dirname(venv.root):
        return ()
    with_uv = is_uvs(venv, builders)
    python = place_of(venv) if with_uv else join(place_of(venv), "bin/python")
    return installed(python, "-r", builders.requirements, with_uv=with_uv)
