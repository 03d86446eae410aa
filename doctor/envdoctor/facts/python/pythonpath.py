"""What does `PYTHONPATH` put before everything that is installed?"""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.distributions import sites
from envdoctor.facts.python.interpreter import PACKAGE_DIRECTORIES
from envdoctor.system.session import Session
from envdoctor.text.patterns import pattern

VARIABLE = "PYTHONPATH"
VERSIONED = pattern(r"/(?:python|pypy)([23]\.[0-9]+)t?(?=/|$)")
ROS = ("ROS_DISTRO", "AMENT_PREFIX_PATH")


class Shadowed(Fact, frozen=True):
    """A package that is there twice: the version that is found first, and the one that it hides."""

    name: str
    version: str
    hides: str


class PythonPathEntry(Fact, frozen=True):
    """One element of `PYTHONPATH`.

    Attributes:
        text: the element, verbatim; an empty one is the working directory.
        exists: whether there is a directory, or an archive.
        minor: the Python version that its path names, `3.12`; None if it names none.
        is_packages: whether it is a directory of installed packages.
        is_own: whether the session's Python searches it anyway.
        packages: how many packages are installed in it.
        shadowed: those of which the environment has another version.
    """

    text: str
    exists: bool
    minor: str | None = None
    is_packages: bool = False
    is_own: bool = False
    packages: int = 0
    shadowed: tuple[Shadowed, ...] = ()


class PythonPath(Fact, frozen=True):
    """The elements of `PYTHONPATH`, in order.

    Attributes:
        entries: the elements.
        ros: the variable that says that the Robot Operating System has put them there; None if none does.
    """

    entries: tuple[PythonPathEntry, ...]
    ros: str | None = None


@probe(where_set=(VARIABLE,), otherwise=f"{VARIABLE} is not set")
def probe_python_path(session: Session, active: ActivePython) -> PythonPath:
    """Look at each element, and compare what is installed there with what the environment has."""
    value = session.env[VARIABLE]
    python = active.interpreter
    own = {os.path.realpath(entry) for entry in python.sys_path}
    versions: dict[str, str] | None = None
    entries = []
    for text in value.split(os.pathsep):
        place = os.path.join(session.cwd or "/", text)
        is_own = os.path.realpath(place) in own
        installed = () if is_own or not text else sites(session).installed((place,))
        if installed and versions is None:
            versions = {package.name: package.version for package in sites(session).installed(python.site_packages)}
        known = versions or {}
        twice = ((each.name, each.version, known[each.name]) for each in installed if each.name in known)
        named = VERSIONED.search(os.path.normpath(place))
        entries.append(
            PythonPathEntry(
                text=text,
                exists=os.path.isdir(place) or os.path.isfile(place),
                minor=named[1] if named else None,
                is_packages=os.path.basename(os.path.normpath(place)) in PACKAGE_DIRECTORIES,
                is_own=is_own,
                packages=len(installed),
                shadowed=tuple(Shadowed(*each) for each in twice if each[1] != each[2]),
            )
        )
    return PythonPath(tuple(entries), next((name for name in ROS if session.env.get(name)), None))
