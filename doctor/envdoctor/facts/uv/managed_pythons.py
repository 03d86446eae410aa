"""Which Pythons has uv installed, and where do its links to the newest of each minor version lead?"""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.session import user_dirs
from envdoctor.system.session import Session
from envdoctor.text.patterns import pattern

MOST = 1000
# cpython-3.12.11-linux-x86_64-gnu, cpython-3.13.1+freethreaded-…, pypy-3.10.16-…, cpython-3.14.0a4-…
KEY = pattern(r"(?P<implementation>[a-z]+)-(?P<version>\d+\.\d+(?:\.\d+)?(?:(?:a|b|rc)\d+)?)(?P<variant>\+\w+)?-.+")


class UvPython(Fact, frozen=True):
    """A Python that uv has installed, or a link to the newest of its minor version.

    Attributes:
        path: its directory.
        implementation: `cpython`, `pypy`, `graalpy`.
        version: `3.12.11`; of a link, `3.12`.
        variant: `+freethreaded` and the like; empty for the usual build.
        target: where a link leads, absolute; None for a directory.
        exists: whether there is a directory in the end.
    """

    path: str
    implementation: str
    version: str
    variant: str = ""
    target: str | None = None
    exists: bool = True


class UvPythons(Fact, frozen=True):
    """What is in uv's directory of Pythons.

    Attributes:
        directory: that directory.
        installed: the Pythons, sorted by name.
        links: the links of the minor versions, sorted by name.
    """

    directory: str
    installed: tuple[UvPython, ...] = ()
    links: tuple[UvPython, ...] = ()

    def holds(self, path: str) -> bool:
        """Whether a path lies in that directory, by its spelling."""
        return os.path.normpath(path).startswith(f"{os.path.normpath(self.directory)}/")


@probe
def probe_uv_pythons(session: Session) -> UvPythons:
    """List uv's directory of Pythons; uv is not run."""
    directory = user_dirs.uv_pythons(session)
    if directory is None or not os.path.isdir(directory):
        raise Unavailable("uv has installed no Python")
    try:
        names = sorted(os.listdir(directory))[:MOST]
    except OSError as error:
        raise Unavailable(f"{directory}: {error.strerror}") from error
    found = [python for name in names if (python := look(f"{directory}/{name}"))]
    return UvPythons(
        directory,
        tuple(python for python in found if python.target is None),
        tuple(python for python in found if python.target is not None),
    )


def look(path: str) -> UvPython | None:
    """What an entry of that directory is; None if its name is not that of a Python."""
    named = KEY.fullmatch(os.path.basename(path))
    if named is None:
        return None
    target = os.path.join(os.path.dirname(path), os.readlink(path)) if os.path.islink(path) else None
    if target is None and not os.path.isdir(path):
        return None
    return UvPython(
        path, named["implementation"], named["version"], named["variant"] or "", target, os.path.isdir(path)
    )
