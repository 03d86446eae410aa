"""What is a directory that uv might work in, and which are near the working directory?"""

from __future__ import annotations

import enum
import os
import re
from collections.abc import Iterator

from envdoctor.engine.fact import Fact
from envdoctor.facts.venv import redirect
from envdoctor.system.files import Unreadable, read_text
from envdoctor.text import limits

PROGRAMS = ("python", "python3")
MOST_PARENTS = 64


class Standing(enum.Enum):
    """What a directory is that uv might work in."""

    ENVIRONMENT = "virtual environment"
    PREFIX = "a Python that is no virtual environment"
    NO_PYTHON = "no Python in it"
    BROKEN = "its Python is a link to nothing"
    NO_CONFIG = "a `.venv` without pyvenv.cfg"
    MISSING = "does not exist"


class Place(Fact, frozen=True):
    """A directory that uv might work in.

    Attributes:
        path: the directory, absolute.
        standing: what it is.
        python: the minor version of its Python, `3.12`; None if it has none, or says nothing.
        shown: how it was named, if not by its path: a redirect file, a variable with a relative path.
        real: the directory with all links resolved, if that is another.
        is_conda: whether it is a conda environment.
    """

    path: str
    standing: Standing = Standing.ENVIRONMENT
    python: str | None = None
    shown: str | None = None
    real: str | None = None
    is_conda: bool = False

    @property
    def identity(self) -> str:
        """The directory by which it is compared with others."""
        return self.real or self.path


class NearbyKind(enum.Enum):
    """How an environment near the working directory announces itself."""

    DIRECTORY = "a `.venv` directory"
    INSIDE = "the working directory lies in it"
    DANGLING = "a `.venv` link to nothing"
    REDIRECT = "a `.venv` file"


class Nearby(Fact, frozen=True):
    """A `.venv` in the working directory or above it, or an environment around it.

    Attributes:
        place: the environment; for a redirect file, the one that it names.
        kind: how it announces itself.
        distance: how many directories above the working directory it was found, 0 for the working directory.
    """

    place: Place
    kind: NearbyKind = NearbyKind.DIRECTORY
    distance: int = 0


def look_at(path: str, shown: str | None = None) -> Place:
    """What a directory is to uv, without running what is in it."""
    if not os.path.isdir(path):
        return Place(path, Standing.MISSING, shown=shown)
    programs = [os.path.join(path, "bin", name) for name in PROGRAMS]
    program = next(filter(os.path.exists, programs), None)
    configured = os.path.isfile(os.path.join(path, "pyvenv.cfg"))
    is_conda = os.path.isdir(os.path.join(path, "conda-meta"))
    if program is None:
        standing = Standing.BROKEN if any(map(os.path.islink, programs)) else Standing.NO_PYTHON
        return Place(path, standing, None, shown, resolved(path), is_conda)
    standing = Standing.ENVIRONMENT if configured else Standing.PREFIX
    return Place(path, standing, minor_version(path, program), shown, resolved(path), is_conda)


def resolved(path: str) -> str | None:
    """A directory with all links resolved; None if it is spelled so."""
    real = os.path.realpath(path)
    return None if real == path else real


def minor_version(root: str, program: str) -> str | None:
    """The minor version of the Python in an environment, by what its files are called."""
    try:
        text = read_text(os.path.join(root, "pyvenv.cfg"), limits.SMALL_FILE)
    except Unreadable:
        text = ""
    if found := re.search(r"^version(?:_info)?\s*=\s*(\d+\.\d+)", text, re.MULTILINE):
        return found[1]
    if found := re.search(r"python(\d\.\d+)$", os.path.realpath(program)):
        return found[1]
    library = os.path.join(root, "lib")
    names = os.listdir(library) if os.path.isdir(library) else []
    versions = [found[1] for name in names if (found := re.fullmatch(r"python(\d\.\d+)", name))]
    return versions[0] if len(versions) == 1 else None


def find_nearby(directory: str | None) -> Iterator[Nearby]:
    """What a directory and those above it hold that some version of uv takes for an environment.

    The search ends at the first that every version takes.
    """
    for distance in range(MOST_PARENTS):
        if directory is None:
            return
        path = os.path.join(directory, ".venv")
        if os.path.isfile(os.path.join(directory, "pyvenv.cfg")):
            yield Nearby(look_at(directory), NearbyKind.INSIDE, distance)
            return
        if os.path.isdir(path):
            place = look_at(path)
            configured = os.path.isfile(os.path.join(path, "pyvenv.cfg"))
            yield Nearby(place if configured else Place(path, Standing.NO_CONFIG), distance=distance)
            return
        if os.path.isfile(path):
            yield Nearby(_redirected(path), NearbyKind.REDIRECT, distance)
        elif os.path.islink(path):
            yield Nearby(Place(path, Standing.MISSING), NearbyKind.DANGLING, distance)
        parent = os.path.dirname(directory)
        directory = parent if parent != directory else None


def _redirected(path: str) -> Place:
    """The environment that a `.venv` file names."""
    try:
        named = redirect.named_by(path)
    except Unreadable:
        named = None
    return look_at(named, path) if named else Place(path, Standing.NO_CONFIG, shown=path)
