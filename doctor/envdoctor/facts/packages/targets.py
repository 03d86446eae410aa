"""The environments whose packages are examined, each with the directories that its Python searches."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.project.environment import EnvironmentSource, ProjectEnvironment
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.distributions import Sites, sites
from envdoctor.facts.python.interpreter import Interpreter
from envdoctor.facts.python.user_site import OFF, directory_of
from envdoctor.facts.venv.layout import Tool, examine
from envdoctor.system.session import Session

VARIABLE = "PYTHONPATH"


class Target(Fact, frozen=True, kw_only=True):
    """An environment whose packages are examined.

    Attributes:
        root: its prefix, as spelled.
        python: its interpreter.
        version: major, minor and, where it is known, micro.
        directories: where its packages are, in the order in which Python searches.
        implementation: `cpython`, `pypy`.
        platform: `sys.platform` of its interpreter.
        machine: the architecture as the system calls it.
        libc: `glibc 2.36`; None where it is another C library or nobody has asked.
        free_threaded: whether its Python has no global lock.
        is_venv: whether it is a virtual environment.
        is_conda: whether it is a conda environment.
        tool: what made it, if it is a virtual environment.
        externally_managed: whether its packages are the system's, and pip keeps off.
        near: whether it is the environment of the project around the working directory.
        before_library: those of the directories that come before the standard library: what `PYTHONPATH` adds.
    """

    root: str
    python: str
    version: tuple[int, ...]
    directories: tuple[str, ...]
    implementation: str = "cpython"
    platform: str = "linux"
    machine: str = "x86_64"
    libc: str | None = None
    free_threaded: bool = False
    is_venv: bool = True
    is_conda: bool = False
    tool: Tool | None = None
    externally_managed: bool = False
    near: bool = False
    before_library: tuple[str, ...] = ()

    @property
    def minor(self) -> str:
        """`3.11`."""
        return ".".join(map(str, self.version[:2]))

    @property
    def is_environment(self) -> bool:
        """Whether it is set apart from the system, so that its packages are the user's own affair."""
        return self.is_venv or self.is_conda

    def owns(self, path: str) -> bool:
        """Whether a file is the environment's own, rather than one that it only sees."""
        return path.startswith(f"{self.root.rstrip('/')}/")


class PackageTargets(Fact, frozen=True):
    """The environments whose packages are examined: the project's and the active one, mostly the same."""

    targets: tuple[Target, ...]


@probe
def probe_package_targets(
    session: Session, active: ActivePython | None, project: ProjectEnvironment | None
) -> PackageTargets:
    """Take the project's environment, and what answers to `python` if that is another environment."""
    found: list[Target] = []
    if project and project.source is not EnvironmentSource.BARE:
        asked = active.interpreter if active and _is_of(active.interpreter, project) else None
        found.append(of_interpreter(session, asked, near=True) if asked else of_environment(session, project))
    if active and (not found or (_is_apart(active.interpreter) and not _is_of(active.interpreter, project))):
        found.append(of_interpreter(session, active.interpreter))
    if not found:
        raise Unavailable("no Python answers, and there is no environment")
    return PackageTargets(tuple(found))


def _is_of(python: Interpreter, environment: ProjectEnvironment | None) -> bool:
    return environment is not None and os.path.realpath(environment.root) == python.root


def _is_apart(python: Interpreter) -> bool:
    return python.is_venv or python.is_conda


def of_interpreter(session: Session, python: Interpreter, *, near: bool = False) -> Target:
    """The environment of a Python that was asked."""
    return Target(
        root=python.prefix,
        python=python.path,
        version=python.version,
        directories=tuple(dict.fromkeys((*_from_variable(session), *_searched(session, python)))),
        implementation=python.implementation,
        platform=python.platform,
        machine=python.machine or os.uname().machine,
        libc=python.libc,
        free_threaded=python.free_threaded,
        is_venv=python.is_venv,
        is_conda=python.is_conda,
        tool=examine(python.prefix).tool if python.is_venv else None,
        externally_managed=not python.is_venv and python.externally_managed is not None,
        near=near,
        before_library=tuple(_from_variable(session)),
    )


def of_environment(session: Session, environment: ProjectEnvironment) -> Target:
    """An environment that nobody has asked: what its `.pth` files add is read as Python would."""
    searched = (*_from_variable(session), *_with_added(sites(session), environment.directories))
    return Target(
        root=environment.root,
        python=environment.python,
        version=environment.version,
        directories=tuple(dict.fromkeys(searched)),
        implementation=environment.implementation,
        platform=environment.platform,
        machine=environment.machine,
        is_venv=environment.is_venv,
        is_conda=environment.is_conda,
        tool=environment.tool,
        externally_managed=environment.externally_managed is not None,
        near=True,
        before_library=tuple(_from_variable(session)),
    )


def _from_variable(session: Session) -> Iterator[str]:
    """What `PYTHONPATH` adds. An empty element is the working directory, where pip looks for no packages."""
    for element in session.env.get(VARIABLE, "").split(os.pathsep):
        if element:
            yield os.path.normpath(os.path.join(session.cwd or "/", element))


def _searched(session: Session, python: Interpreter) -> Iterator[str]:
    """What a Python searches for packages."""
    entries = [entry for entry in python.sys_path if _may_hold_packages(entry, python)]
    return with_users(session, python, entries)


def with_users(session: Session, python: Interpreter, entries: Sequence[str]) -> Iterator[str]:
    """Entries of `sys.path` and the user's packages: after a virtual environment's, before all others."""
    if not python.sees_user_site or session.env.get(OFF):
        yield from entries
        return
    outside = [
        entry for entry in python.site_packages if not (python.is_venv and entry.startswith(f"{python.prefix}/"))
    ]
    first = entries.index(outside[0]) if outside else len(entries)
    yield from entries[:first]
    yield from _with_added(sites(session), (directory_of(python, session),))
    yield from entries[first:]


def _may_hold_packages(entry: str, python: Interpreter) -> bool:
    return entry != python.stdlib and not entry.endswith((".zip", "/lib-dynload"))


def _with_added(known: Sites, directories: Iterable[str]) -> Iterator[str]:
    for directory in directories:
        yield directory
        yield from filter(os.path.isdir, known.directory(directory).added)
