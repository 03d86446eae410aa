"""What does uv see when it looks for the environment to work in?"""

from __future__ import annotations

import enum

from envdoctor.fact import Fact

Version = tuple[int, ...]


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
    """

    path: str
    standing: Standing = Standing.ENVIRONMENT
    python: str | None = None
    shown: str | None = None


class CondaPlace(Fact, frozen=True):
    """The conda environment that the variables call active, with what uv tells the base environment by.

    Attributes:
        place: the directory that `CONDA_PREFIX` names.
        name: `CONDA_DEFAULT_ENV`; None if it is not set.
        root: `_CONDA_ROOT`; None if it is not set.
        pixi: whether pixi made it.
    """

    place: Place
    name: str | None = None
    root: str | None = None
    pixi: bool = False


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


class Setting(Fact, frozen=True):
    """A value that somebody has set, and where: `UV_PYTHON`, or `~/.config/uv/uv.toml:3`."""

    value: str
    origin: str


class Surroundings(Fact, frozen=True):
    """What decides where uv goes.

    Attributes:
        version: of the uv that runs.
        virtual_env: what `VIRTUAL_ENV` names; None if it is unset or empty.
        conda: what `CONDA_PREFIX` names; None if it is unset or empty.
        nearby: environments from the working directory upwards, nearest first, up to the first sound one.
        first_python: the environment of the first Python on the search path.
        first_plain_python: that of the first which is in no virtual environment.
        system: where uv is told to use the system's Python; None if it is not.
        request: the Python that uv is told to use; None if it is not. A path is absolute.
        requested: what a request that is a path leads to.
    """

    version: Version
    virtual_env: Place | None = None
    conda: CondaPlace | None = None
    nearby: tuple[Nearby, ...] = ()
    first_python: Place | None = None
    first_plain_python: Place | None = None
    system: Setting | None = None
    request: Setting | None = None
    requested: Place | None = None
