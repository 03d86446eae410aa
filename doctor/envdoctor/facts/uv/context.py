"""What does uv see when it looks for the environment to work in?"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, Refused, Unavailable, probe
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.uv.directories import (
    Nearby,
    Place,
    Standing,
    find_nearby,
    look_at,
)
from envdoctor.facts.uv.installations import UvCopies
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.system.session import Session

Version = tuple[int, ...]


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


@probe
def probe_surroundings(session: Session, copies: UvCopies, settings: UvSettings, commands: Commands) -> Surroundings:
    """See what the first uv on the search path would see."""
    version = copies.first.version
    if version is None:
        raise (Refused if copies.first.refused else Unavailable)(copies.first.silence)
    virtual_env = session.env.get("VIRTUAL_ENV")
    pythons = tuple(environments_of_pythons(commands))
    request = find_request(settings)
    return Surroundings(
        version=version,
        virtual_env=look_at(_absolute(session, virtual_env), virtual_env) if virtual_env else None,
        conda=_conda(session),
        nearby=tuple(find_nearby(session.cwd)),
        first_python=pythons[0] if pythons else None,
        first_plain_python=next((place for place in pythons if place.standing is Standing.PREFIX), None),
        system=find_system(settings),
        request=request,
        requested=_requested(session, request),
    )


def environments_of_pythons(commands: Commands) -> Iterator[Place]:
    """The environments of the Pythons on the search path, in its order, by where their programs lie."""
    hits = sorted((*commands.all("python"), *commands.all("python3")), key=lambda hit: hit.position)
    for hit in hits:
        if hit.runs is not None:
            yield look_at(home_of(hit.runs))


def home_of(program: str) -> str:
    """The environment of a Python: the one that holds it or, if that is none, the one that it is a link into."""
    root = os.path.dirname(os.path.dirname(program))
    marks = (os.path.join(root, "pyvenv.cfg"), os.path.join(root, "conda-meta"))
    return root if any(map(os.path.exists, marks)) else os.path.dirname(os.path.dirname(os.path.realpath(program)))


def find_system(settings: UvSettings) -> Setting | None:
    """What tells `uv pip` to use the system's Python."""
    if settings.switched_on("UV_SYSTEM_PYTHON"):
        return Setting(settings.variable("UV_SYSTEM_PYTHON") or "", "UV_SYSTEM_PYTHON")
    value = settings.value("pip.system")
    return Setting("true", value.origin) if value and value.value == "true" else None


def find_request(settings: UvSettings) -> Setting | None:
    """What tells `uv pip` which Python to use."""
    if asked := settings.variable("UV_PYTHON"):
        return Setting(asked, "UV_PYTHON")
    value = settings.value("pip.python")
    return Setting(value.value, value.origin) if value else None


def _requested(session: Session, request: Setting | None) -> Place | None:
    """What a request leads to if it is a path: an environment, or the program in one."""
    if request is None:
        return None
    path = _absolute(session, request.value)
    if os.path.isdir(path):
        return look_at(path, request.value)
    if os.sep not in request.value:
        return None
    return look_at(home_of(path), request.value) if os.path.exists(path) else Place(path, Standing.MISSING)


def _conda(session: Session) -> CondaPlace | None:
    prefix = session.env.get("CONDA_PREFIX")
    if not prefix:
        return None
    place = look_at(_absolute(session, prefix))
    pixi = os.path.isfile(os.path.join(place.path, "conda-meta", "pixi"))
    return CondaPlace(place, session.env.get("CONDA_DEFAULT_ENV"), session.env.get("_CONDA_ROOT"), pixi)


def _absolute(session: Session, path: str) -> str:
    """A path as it is meant in the working directory, without a slash at its end."""
    return os.path.normpath(os.path.join(session.cwd or "/", path))
