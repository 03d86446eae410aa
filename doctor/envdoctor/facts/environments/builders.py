"""What can make an environment here: the project's manager, uv, virtualenv, a Python of the machine's own?"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.environments import parts
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.project.python_request import PythonRequest
from envdoctor.facts.uv.installations import UvCopies
from envdoctor.facts.uv.python_downloads import UvDownloads
from envdoctor.facts.venv import pyvenv_cfg
from envdoctor.system.session import Session


class Builders(Fact, frozen=True):
    """What can make an environment here.

    Attributes:
        manager: who installs what the project needs; None outside of projects.
        project: the directory where that is run; None outside of projects.
        locked: whether the manager has a lock file to install from.
        requirements: the project's `requirements.txt`; None if it has none.
        uv: the version of uv; None if there is none that runs.
        downloads: whether uv may download a Python by itself.
        request_unmet: whether what `uv venv` is asked for here is not surely to be had, so that it needs a `--python`.
        virtualenv: whether there is a `virtualenv`.
        idle: whether neither a virtual nor a conda environment is active.
        collection: the user's directory of environments that belong to no directory.
        missing: the command of the project's manager, poetry, pipenv, pdm or pixi, if it does not run here.
        pythons: interpreters on the search path that belong neither to a virtual environment nor to conda.
        split: those of them that lack ensurepip, so that `-m venv` fails, each with its minor version.
    """

    manager: ProjectManager | None = None
    project: str | None = None
    locked: bool = False
    requirements: str | None = None
    uv: tuple[int, ...] | None = None
    downloads: bool = True
    request_unmet: bool = False
    virtualenv: bool = False
    idle: bool = False
    collection: str = "/"
    missing: str | None = None
    pythons: tuple[str, ...] = ()
    split: tuple[tuple[str, str], ...] = ()

    @property
    def fetches(self) -> bool:
        """Whether there is a uv that brings a Python which is not there."""
        return self.uv is not None and self.downloads

    def other_than_asked(self, *, but: str | None = None) -> tuple[str, ...]:
        """The option that gives `uv venv` a Python that is there, where what it is asked for is not to be had.

        Args:
            but: this Python, rather than the machine's first.
        """
        python = but or next(iter(self.pythons), None)
        return ("--python", python) if self.request_unmet and python else ()

    def split_minor(self, python: str) -> str | None:
        """The minor version of a Python from which ensurepip has been split off; None for every other Python."""
        return dict(self.split).get(python)


@probe
def probe_builders(
    session: Session,
    commands: Commands,
    project: Project | None,
    uv: UvCopies | None,
    downloads: UvDownloads | None,
    request: PythonRequest | None,
) -> Builders:
    """Take stock."""
    virtualenv = commands.first("virtualenv")
    pythons = tuple(dict.fromkeys(_pythons(commands)))
    return Builders(
        manager=project.manager if project else None,
        project=_directory(project) if project else None,
        locked=project is not None and project.lock_of(project.manager) is not None,
        requirements=_requirements(project) if project else None,
        uv=uv.first.version if uv else None,
        downloads=downloads is None or downloads.forbidden is None,
        request_unmet=request is not None and request.available is not True,
        virtualenv=virtualenv is not None and virtualenv.problem is None,
        idle=not session.env.get("VIRTUAL_ENV") and not session.env.get("CONDA_PREFIX"),
        collection=session.env.get("WORKON_HOME") or os.path.join(session.home or "/", ".virtualenvs"),
        missing=_missing(project.manager, commands) if project else None,
        pythons=pythons,
        split=tuple(_split(pythons)),
    )


def _missing(manager: ProjectManager, commands: Commands) -> str | None:
    if manager not in (ProjectManager.POETRY, ProjectManager.PIPENV, ProjectManager.PDM, ProjectManager.PIXI):
        return None
    command = commands.first(manager.value)
    return manager.value if command is None or command.problem else None


def _directory(project: Project) -> str:
    return project.workspace_root if project.manager is ProjectManager.UV else project.root


def _requirements(project: Project) -> str | None:
    paths = (claim.path for claim in project.claims_of(ProjectManager.PIP))
    return next((path for path in paths if os.path.basename(path) == "requirements.txt"), None)


def _pythons(commands: Commands) -> list[str]:
    hits = (*commands.all("python3"), *commands.all("python"))
    return [hit.runs for hit in hits if hit.runs and not hit.problem and _is_the_machines(hit.runs)]


def _split(pythons: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Those without ensurepip, by every name that a fix may have for them."""
    for python in pythons:
        real = os.path.realpath(python)
        minor = os.path.basename(real).removeprefix("python")
        if parts.without_ensurepip(real, minor):
            yield from ((name, minor) for name in dict.fromkeys((python, real)))


def _is_the_machines(python: str) -> bool:
    root = os.path.dirname(os.path.dirname(python))
    return not any(os.path.exists(os.path.join(root, mark)) for mark in (pyvenv_cfg.NAME, "conda-meta"))
