"""In which environment does this project run, and what is installed there?"""

from __future__ import annotations

import enum
import os
import re
import sys
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.project.manager_environment import ManagedEnvironment
from envdoctor.facts.project.project import Project
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.distributions import Distribution, sites
from envdoctor.facts.python.interpreters import FailureKind, Interpreter, Interpreters
from envdoctor.facts.python.user_site import hides_user_site
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.venv import places
from envdoctor.facts.venv.active import ProjectVenv
from envdoctor.facts.venv.layout import (
    LinkState,
    Tool,
    examine,
    is_environment,
)
from envdoctor.system.session import Session

MINOR = r"python(\d+)\.(\d+)"


class EnvironmentSource(enum.Enum):
    """Why an environment is the project's."""

    CHOSEN = "it was named with --python"
    MANAGER = "the project's manager works in it"
    OWN = "it is the project's own"
    ACTIVE = "it is active"
    BARE = "its Python answers, and no environment is active"


class ProjectEnvironment(Fact, frozen=True, kw_only=True):
    """The environment that the project uses.

    Attributes:
        root: its prefix, as spelled.
        source: why it is the project's.
        python: its interpreter.
        version: major, minor and, where it is known, micro.
        implementation: `cpython`, `pypy`.
        platform: `sys.platform` of its interpreter.
        machine: the architecture as the system calls it.
        directories: where its packages are, in the order in which they are searched.
        answers: whether `python` runs it.
        is_venv: whether it is a virtual environment.
        is_conda: whether it is a conda environment.
        is_base: whether that is conda's base.
        tool: what made it, if it is a virtual environment.
        externally_managed: the marker that tells pip to keep off; None if there is none.
        bundles_pip: whether `python -m ensurepip` would give it a pip, as far as that is known.
    """

    root: str
    source: EnvironmentSource
    python: str
    version: tuple[int, ...]
    implementation: str = "cpython"
    platform: str = "linux"
    machine: str = "x86_64"
    directories: tuple[str, ...] = ()
    answers: bool = True
    is_venv: bool = True
    is_conda: bool = False
    is_base: bool = False
    tool: Tool | None = None
    externally_managed: str | None = None
    bundles_pip: bool = True

    @property
    def version_text(self) -> str:
        """`3.11.7`, or `3.11`."""
        return ".".join(map(str, self.version))

    @property
    def minor(self) -> str:
        """`3.11`."""
        return ".".join(map(str, self.version[:2]))


class InstalledPackages(Fact, frozen=True):
    """What is installed in the environment that the project uses, by name."""

    packages: tuple[Distribution, ...] = ()


@probe
def probe_project_environment(
    session: Session,
    project: Project,
    managed: ManagedEnvironment,
    interpreters: Interpreters,
    python: ActivePython | None,
    nearby: ProjectVenv | None,
    conda: CondaActivation | None,
) -> ProjectEnvironment:
    """Take the environment of the project's manager, else the project's own `.venv`, else the Python that answers."""
    if session.python:
        if python is None:
            raise Unavailable(f"{session.python} does not start")
        return _of_interpreter(session, python.interpreter, EnvironmentSource.CHOSEN, conda, python)
    if managed.decides and not managed.root:
        raise Unavailable(f"{project.manager.value} has made no environment for this project yet")
    if managed.root:
        return _at(session, managed.root, EnvironmentSource.MANAGER, interpreters, python)
    own = nearby.venv if nearby and nearby.project in (project.root, project.workspace_root) else None
    if own and nearby and nearby.is_dot_venv:
        return _at(session, own.root, EnvironmentSource.OWN, interpreters, python)
    if python is None:
        raise Unavailable("no Python answers")
    interpreter = python.interpreter
    in_conda = conda is not None and conda.real == interpreter.root and not conda.is_base
    if interpreter.is_venv or in_conda:
        return _of_interpreter(session, interpreter, EnvironmentSource.ACTIVE, conda, python)
    if place := own.root if own else places.conda_environment(project.root):
        return _at(session, place, EnvironmentSource.OWN, interpreters, python)
    return _of_interpreter(session, interpreter, EnvironmentSource.BARE, conda, python)


@probe
def probe_installed_packages(session: Session, environment: ProjectEnvironment) -> InstalledPackages:
    """Read the records of the packages in the environment."""
    return InstalledPackages(sites(session).installed(environment.directories))


def read_environment(session: Session, root: str) -> ProjectEnvironment:
    """The environment in a directory, by what lies there: no Python is asked. Raises Unavailable."""
    return _at(session, root, EnvironmentSource.CHOSEN, Interpreters(), None)


def _at(
    session: Session, root: str, source: EnvironmentSource, interpreters: Interpreters, python: ActivePython | None
) -> ProjectEnvironment:
    """The environment in a directory: by what its interpreter says if it has been asked, else by what lies there."""
    real = os.path.realpath(root)
    asked = next((found for found in interpreters.answered if found.root == real), None)
    if asked:
        return _of_interpreter(session, asked, source, None, python)
    failed = next((f for f in interpreters.failed if os.path.dirname(os.path.dirname(f.path)) in (root, real)), None)
    if failed and failed.kind is not FailureKind.REFUSED:
        raise Unavailable(f"{failed.path} {failed.detail}")
    if not is_environment(root):
        return _of_prefix(session, root, source)
    venv = examine(root)
    numbers = _numbers(venv.version) or _library(root)
    if venv.python_state in (LinkState.DANGLING, LinkState.MISSING) or numbers is None:
        raise Unavailable(f"{root} has no Python that could start")
    outside = _seen_besides(session, venv.base, numbers) if venv.base and venv.includes_system_site else ()
    return ProjectEnvironment(
        root=root,
        source=source,
        python=venv.python,
        version=numbers,
        implementation=(venv.value("implementation") or "cpython").lower(),
        platform=sys.platform,
        machine=os.uname().machine,
        directories=(*_from_variable(session), *venv.site_packages, *outside),
        answers=False,
        tool=venv.tool,
    )


def _seen_besides(session: Session, base: str, version: tuple[int, ...]) -> Iterator[str]:
    """The directories of packages, of the base and of the user, that an environment sees besides its own.

    Those of a distribution's own Python are called `dist-packages`.
    """
    prefix, minor = os.path.dirname(os.path.dirname(base)), "python{}.{}".format(*version)
    user = session.env.get("PYTHONUSERBASE") or os.path.join(session.home or "/", ".local")
    places = (
        *([] if hides_user_site(session, version) else [f"{user}/lib/{minor}/site-packages"]),
        f"{prefix}/lib/{minor}/site-packages",
        f"{prefix}/local/lib/{minor}/dist-packages",
        f"{prefix}/lib/python{version[0]}/dist-packages",
    )
    return filter(os.path.isdir, places)


def _of_prefix(session: Session, root: str, source: EnvironmentSource) -> ProjectEnvironment:
    """A Python that is no virtual environment, and that nobody has asked: an environment of pixi's."""
    numbers = _library(root)
    if numbers is None:
        raise Unavailable(f"there is no Python in {root}")
    return ProjectEnvironment(
        root=root,
        source=source,
        python=os.path.join(root, "bin/python"),
        version=numbers,
        platform=sys.platform,
        machine=os.uname().machine,
        directories=(*_from_variable(session), _library_of(root, numbers)),
        answers=False,
        is_venv=False,
        is_conda=os.path.isdir(os.path.join(root, "conda-meta")),
    )


def _of_interpreter(
    session: Session,
    interpreter: Interpreter,
    source: EnvironmentSource,
    conda: CondaActivation | None,
    python: ActivePython | None,
) -> ProjectEnvironment:
    seen = interpreter.sees_user_site and not hides_user_site(session, interpreter.version)
    user = (interpreter.user_site,) if seen else ()
    return ProjectEnvironment(
        root=interpreter.prefix,
        source=source,
        python=interpreter.path,
        version=interpreter.version,
        implementation=interpreter.implementation,
        platform=interpreter.platform,
        machine=interpreter.machine or os.uname().machine,
        directories=(*_from_variable(session), *user, *interpreter.site_packages),
        answers=python is not None and python.interpreter.root == interpreter.root,
        is_venv=interpreter.is_venv,
        is_conda=interpreter.is_conda,
        is_base=conda is not None and conda.is_base and conda.real == interpreter.root,
        tool=examine(interpreter.prefix).tool if interpreter.is_venv else None,
        externally_managed=None if interpreter.is_venv else interpreter.externally_managed,
        bundles_pip=interpreter.bundles_pip,
    )


def _from_variable(session: Session) -> Iterator[str]:
    """The directories that `PYTHONPATH` adds to every Python."""
    yield from filter(os.path.isabs, session.env.get("PYTHONPATH", "").split(os.pathsep))


def _numbers(version: str | None) -> tuple[int, ...] | None:
    return tuple(map(int, version.split("."))) if version else None


def _library(root: str) -> tuple[int, ...] | None:
    """The minor version by the name of the library directory."""
    try:
        names = sorted(os.listdir(os.path.join(root, "lib")))
    except OSError:
        return None
    found = next(filter(None, (re.fullmatch(MINOR, name) for name in names)), None)
    return (int(found[1]), int(found[2])) if found else None


def _library_of(root: str, version: tuple[int, ...]) -> str:
    return os.path.join(root, "lib/python{}.{}/site-packages".format(*version))
