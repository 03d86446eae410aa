"""Where does the session's Python look for a module, in which order, and what has put each place there?"""

from __future__ import annotations

import enum
import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact
from envdoctor.facts.packages.targets import with_users
from envdoctor.facts.project.shadowing import SAFE_PATH, SAFE_PATH_SINCE
from envdoctor.facts.python.distributions import sites
from envdoctor.facts.python.interpreter import PACKAGE_DIRECTORIES, Interpreter
from envdoctor.facts.python.user_site import OFF, directory_of
from envdoctor.system.session import Session

VARIABLE = "PYTHONPATH"


class Origin(enum.Enum):
    """What puts a place on `sys.path`."""

    HERE = "the working directory"
    VARIABLE = "PYTHONPATH"
    LIBRARY = "the standard library"
    USER = "the user's packages"
    PACKAGES = "installed packages"
    ADDED = "a .pth file"
    OTHER = "sys.path"


class Entry(Fact, frozen=True):
    """One element of `sys.path`.

    Attributes:
        path: the directory or archive.
        origin: what puts it there.
        said_in: the `.pth` file that names it; None without one.
    """

    path: str
    origin: Origin
    said_in: str | None = None

    @property
    def label(self) -> str:
        """`/srv/lib (PYTHONPATH)`."""
        return f"{self.path} ({self.said_in or self.origin.value})"


def search_order(session: Session, python: Interpreter) -> tuple[Entry, ...]:
    """The elements in their order, as for `python -c` typed here: each place once, where it stands first."""
    found: dict[str, Entry] = {}
    for entry in _entries(session, python):
        found.setdefault(entry.path, entry)
    return tuple(found.values())


def _entries(session: Session, python: Interpreter) -> Iterator[Entry]:
    if session.cwd and not (session.env.get(SAFE_PATH) and python.version >= SAFE_PATH_SINCE):
        yield Entry(session.cwd, Origin.HERE)
    value = session.env.get(VARIABLE)
    for element in value.split(os.pathsep) if value else ():
        if session.cwd or os.path.isabs(element):
            yield Entry(os.path.normpath(os.path.join(session.cwd or "/", element)), Origin.VARIABLE)
    user = directory_of(python, session) if python.sees_user_site and not session.env.get(OFF) else None
    added = _added(session, (*python.site_packages, *((user,) if user else ())))
    for path in with_users(session, python, python.sys_path):
        if path == user and not os.path.isdir(path):
            continue  # Python leaves it out as well
        yield Entry(path, _origin(path, python, user, added), added.get(path))


def _added(session: Session, directories: tuple[str, ...]) -> dict[str, str]:
    """What `.pth` files add, with the file. A place that is an element anyway is not theirs."""
    lines = [line for path in directories for line in sites(session).directory(path).path_lines if not line.code]
    return {line.place: line.file for line in reversed(lines) if line.place not in directories}


def _origin(path: str, python: Interpreter, user: str | None, added: dict[str, str]) -> Origin:
    if path == user:
        return Origin.USER
    if path in added:
        return Origin.ADDED
    if os.path.basename(path) in PACKAGE_DIRECTORIES:
        return Origin.PACKAGES
    zipped = os.path.basename(path) == "python{}{}.zip".format(*python.version)
    is_library = zipped or path == python.stdlib or path.startswith(f"{python.stdlib}/")
    return Origin.LIBRARY if is_library else Origin.OTHER
