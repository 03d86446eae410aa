"""How does a project get the environment and the packages that it needs, from its own manager?"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import join

import msgspec

from envdoctor import (
    Activate,
    Deactivate,
    Fix,
    Manual,
    RemoveFromPath,
    Run,
    Safety,
)
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.project import requires_python
from envdoctor.facts.project.environment import ProjectEnvironment
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.project.pyproject import Pyproject, RequiresPython
from envdoctor.facts.python.available import PythonsAtHand
from envdoctor.facts.venv.layout import Tool
from envdoctor_checks.common.deactivation import deactivation
from envdoctor_checks.common.installing import installed, made_by_venv

UV_CLEARS_SINCE = (0, 8)
ANY = ("",)


class Python(msgspec.Struct, frozen=True):
    """The Python that a new environment shall have: how uv and conda call it, and the interpreter if there is one."""

    minor: str
    path: str | None = None


class Means(msgspec.Struct, frozen=True):
    """What a fix can work with: the project, what it declares, and what is at hand."""

    project: Project
    builders: Builders
    at_hand: PythonsAtHand
    pyproject: Pyproject | None = None
    requires: RequiresPython | None = None

    def python(self) -> Python | None:
        """The newest fitting Python at hand, else the oldest that fits; None if the project fits none."""
        requires = self.requires or (self.pyproject.requires_python if self.pyproject else None)
        alternatives = requires.alternatives if requires else ANY
        best = requires_python.best(alternatives, self.at_hand.pythons)
        if best:
            return Python(best.minor, best.path)
        minor = requires_python.lowest(alternatives)
        return Python(minor) if minor else None


def install(means: Means, python: str, *, with_uv: bool, has_pip: bool = True) -> tuple[Run | Manual, ...]:
    """The commands that bring in what the project needs; with pip or `uv pip`, into the environment of this Python.

    `uv sync` alone would remove what else has been installed.
    """
    project = means.project
    match project.manager:
        case ProjectManager.UV:
            return (Run("uv", "sync", "--inexact", directory=project.root),)
        case ProjectManager.PIPENV:
            sync = Run("pipenv", "sync" if means.builders.locked else "install", directory=project.root)
            return (*_first(means), sync)
        case ProjectManager.POETRY | ProjectManager.PDM | ProjectManager.PIXI as manager:
            return (*_first(means), Run(manager.value, "install", directory=project.root))
        case _:
            sources = tuple(_sources(means))
            return installed(python, *sources, with_uv=with_uv, has_pip=has_pip) if sources else ()


def _first(means: Means) -> tuple[Manual, ...]:
    """What comes before the first command of a manager that is not there."""
    missing = means.builders.missing
    return (Manual(f"First install {missing} itself: it does not run here"),) if missing else ()


def _sources(means: Means) -> Iterator[str]:
    """What pip is told to install."""
    if means.builders.requirements:
        yield from ("-r", means.builders.requirements)
    if means.pyproject and means.pyproject.builds:
        yield from ("--editable", means.project.root)
    elif means.pyproject:
        yield from (dependency.text for dependency in means.pyproject.dependencies)


def make(
    means: Means, python: Python, place: str, *, clear: bool = False, with_uv: bool = True
) -> tuple[Run | Manual, ...]:
    """The commands that make a virtual environment with what the project needs in it.

    A new one gets a pip, which its users will call; one that is made again does as it did.
    """
    own = join(place, "bin/python")
    if with_uv and means.builders.uv:
        option = () if means.builders.uv < UV_CLEARS_SINCE else ("--clear",) if clear else ("--seed",)
        wanted = python.minor if means.builders.downloads else python.path or python.minor
        made = Run("uv", "venv", *option, "--python", wanted, place)
        return (made, *install(means, own, with_uv=True))
    option = ("--clear",) if clear else ()
    by_venv = made_by_venv(python.path or f"python{python.minor}", means.builders, *option, place)
    return (*by_venv, *install(means, own, with_uv=False))


def new_environment(means: Means) -> Fix:
    """Give the project an environment of its own, beside its files, or let its manager make one."""
    project, python = means.project, means.python()
    if project.manager is ProjectManager.UV:
        sync = Run("uv", "sync", directory=project.root)
        return Fix("Create the environment with uv", sync, safety=Safety.CHANGES_STATE)
    if python is None or (python.path is None and not means.builders.fetches):
        return _nothing_fits(python)
    if project.manager is ProjectManager.POETRY:
        return Fix("Create the environment with poetry", *_with_poetry(means, python), safety=Safety.CHANGES_STATE)
    if project.manager is ProjectManager.PIPENV:
        return Fix(
            "Create the environment with pipenv",
            *_first(means),
            _with_pipenv(means, python),
            safety=Safety.CHANGES_STATE,
        )
    place = join(project.root, ".venv")
    return Fix(
        f"Create an environment with Python {python.minor}, and activate it",
        *make(means, python, place),
        Activate(place),
        safety=Safety.CHANGES_STATE,
    )


def other_python(means: Means, environment: ProjectEnvironment) -> Fix:
    """Give the project's environment another Python, by the means of whoever made it."""
    manager, root, python = means.project.manager, means.project.root, means.python()
    if python is None or (python.path is None and not means.builders.fetches and not environment.is_conda):
        return _nothing_fits(python)
    leave = deactivation(environment.root) if environment.answers else ()
    if environment.is_conda and not environment.is_venv and not environment.is_base:
        change = Run("conda", "install", "--prefix", environment.root, f"python={python.minor}")
        return Fix("Change the Python of the conda environment", change, safety=Safety.CHANGES_STATE)
    if not environment.is_venv:
        return new_environment(means)
    match manager:
        case ProjectManager.UV:
            steps: tuple[Run | Manual | Deactivate | RemoveFromPath, ...] = (Run("uv", "sync", directory=root),)
        case ProjectManager.POETRY:
            steps = (*leave, *_with_poetry(means, python))
        case ProjectManager.PIPENV:
            steps = (*leave, *_first(means), Run("pipenv", "--rm", directory=root), _with_pipenv(means, python))
        case _ if environment.root.startswith(f"{root}/"):
            by_uv = environment.tool is Tool.UV or python.path is None
            steps = make(means, python, environment.root, clear=True, with_uv=by_uv)
        case _:
            return new_environment(means)
    return Fix(f"Recreate the environment with Python {python.minor}", *steps, safety=Safety.DESTRUCTIVE)


def _with_poetry(means: Means, python: Python) -> tuple[Run | Manual, ...]:
    use = Run("poetry", "env", "use", python.path or python.minor, directory=means.project.root)
    return (*_first(means), use, Run("poetry", "install", directory=means.project.root))


def _with_pipenv(means: Means, python: Python) -> Run:
    command = "sync" if means.builders.locked else "install"
    return Run("pipenv", command, "--python", python.path or python.minor, directory=means.project.root)


def _nothing_fits(python: Python | None) -> Fix:
    if python is None:
        return Fix(
            "Widen requires-python to a Python that exists",
            Manual("Widen requires-python: no release of Python 3 fits"),
        )
    return Fix(
        f"Use Python {python.minor}", Manual(f"First install Python {python.minor}: none that fits is installed here")
    )
