"""Where would `uv pip install` and `uv run` go? uv's own order, for every version of uv, as a table of rules.

Nothing here touches the machine: `facts.uv_surroundings` sees what uv would see, and these functions judge it as uv
does. Every row is held against the real uv by tests/facts/test_uv_target.py.
"""

from __future__ import annotations

import enum
import os
import re
from collections.abc import Iterator

import msgspec

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.uv.context import (
    CondaPlace,
    Setting,
    Surroundings,
    Version,
)
from envdoctor.facts.uv.directories import (
    Nearby,
    NearbyKind,
    Place,
    Standing,
)
from envdoctor.facts.uv.project import UvProject

BASE_NAMES = ("base", "root")
SOUND = (Standing.ENVIRONMENT, Standing.PREFIX)


class Source(enum.Enum):
    """What uv's choice rests on."""

    REQUEST = "a requested Python"
    VIRTUAL_ENV = "VIRTUAL_ENV"
    CONDA = "CONDA_PREFIX"
    CONDA_BASE = "CONDA_PREFIX, the base environment"
    NEARBY = ".venv"
    SEARCH_PATH = "the first Python on the search path"
    PROJECT = "the project"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


class UvTarget(Fact, frozen=True):
    """Where one uv command goes.

    Attributes:
        root: the environment that it changes; None if it refuses, or if nobody can tell.
        source: what the choice rests on.
        reason: why, as a clause that begins with a small letter.
        real: that environment with all links resolved, if that is another path.
    """

    root: str | None
    source: Source
    reason: str
    real: str | None = None

    @property
    def identity(self) -> str | None:
        """The directory by which it is compared with others."""
        return self.real or self.root


class UvTargets(Fact, frozen=True):
    """Where the uv that answers goes from here.

    Attributes:
        version: of that uv.
        pip: what `uv pip install` changes.
        run: what `uv run`, `uv add` and `uv sync` work in.
        pip_unset: what `uv pip install` would change without the settings that name a Python.
    """

    version: Version
    pip: UvTarget
    run: UvTarget
    pip_unset: UvTarget


@probe
def probe_uv_targets(seen: Surroundings, project: UvProject | None) -> UvTargets:
    """Apply uv's rules to what uv sees."""
    unset = msgspec.structs.replace(seen, system=None, request=None, requested=None)
    run = run_target(unset) if project is None else project_target(project)
    return UvTargets(seen.version, pip_target(seen), run, pip_target(unset))


class Candidate(msgspec.Struct, frozen=True):
    """One environment that uv tries, and the reason that a reader gets if it is the one."""

    place: Place
    source: Source
    reason: str


def is_conda_base(conda: CondaPlace, version: Version) -> bool:
    """Whether this version of uv takes an active conda environment for the base, and so for a system Python."""
    prefix = conda.place.path.rstrip("/")
    named = os.path.basename(prefix) == conda.name
    if version < (0, 8, 18):
        return version >= (0, 5) and conda.name in BASE_NAMES and named  # upside down: the real base never passed
    if conda.pixi and version >= (0, 9, 9):
        return False
    if conda.root is not None and conda.root.rstrip("/") == prefix:
        return True
    if conda.name is None or conda.name.rstrip("/") == prefix:
        return False
    return not named or (version < (0, 12) and conda.name in BASE_NAMES)


def nearby_environment(surroundings: Surroundings) -> Nearby | None:
    """The environment that this version of uv finds from the working directory upwards."""
    understood = {
        NearbyKind.DIRECTORY: True,
        NearbyKind.INSIDE: True,
        NearbyKind.DANGLING: surroundings.version >= (0, 12),
        NearbyKind.REDIRECT: surroundings.version >= (0, 13),
    }
    return next((nearby for nearby in surroundings.nearby if understood[nearby.kind]), None)


def satisfies(python: str | None, request: str) -> bool | None:
    """Whether a Python of this minor version answers a request such as `3.12`, `python3.12`, `cpython@3.12`, `>=3.11`.

    None if the request says something that a minor version cannot answer.
    """
    text = re.sub(r"^(c?python|cp)[@-]?", "", request.strip(), flags=re.IGNORECASE)
    plain = re.fullmatch(r"([23])(?:\.?(\d{1,4}))?(\.\d+)?(?:-.*)?", text)
    bound = re.fullmatch(r"([<>]=?)\s*([23])\.(\d{1,4})", text)
    if python is None or not (plain or bound):
        return None
    own = tuple(map(int, python.split(".")))
    if plain:
        fits = own[: 2 if plain[2] else 1] == tuple(int(part) for part in plain.groups()[:2] if part)
        return None if fits and plain[3] else fits
    assert bound is not None  # noqa: S101 - one of the two has matched
    asked = (int(bound[2]), int(bound[3]))
    # a patch release of 3.12 is above 3.12, so `>` means `>=` here and `<=` means `<`
    return own >= asked if bound[1].startswith(">") else own < asked


def pip_target(seen: Surroundings) -> UvTarget:
    """Where `uv pip install` puts packages."""
    if seen.requested is not None and seen.request is not None:
        return _by_path(seen.requested, seen.request)
    if seen.system is not None:
        return _system_target(seen, seen.system)
    candidates = tuple(_candidates(seen))
    if seen.request is not None:
        return _by_version(candidates, seen.request)
    for candidate in candidates:
        target = _judge(candidate, seen.version)
        if target is not None:
            return target
    missing = f", and {candidates[0].place.path} is none" if candidates else ""
    return UvTarget(None, Source.NOTHING, f"uv refuses: it finds no virtual environment{missing}")


def run_target(seen: Surroundings) -> UvTarget:
    """What `uv run` uses outside a project: the same order, but any Python will do."""
    for candidate in _candidates(seen):
        if candidate.place.standing in SOUND:
            return _chosen(candidate)
    if seen.conda is not None and seen.conda.place.standing is Standing.PREFIX:
        place = seen.conda.place
        return UvTarget(place.path, Source.CONDA_BASE, "no environment is near, and conda's base is active", place.real)
    if seen.first_python is not None:
        place = seen.first_python
        return UvTarget(place.path, Source.SEARCH_PATH, "no environment is active or near", place.real)
    return UvTarget(None, Source.UNKNOWN, "uv picks a Python of its own, or downloads one")


def project_target(project: UvProject) -> UvTarget:
    """What `uv run`, `uv add` and `uv sync` work in inside a project, whatever is active."""
    place = project.environment
    reason = f"{project.origin} names it" if project.origin else f"it is the environment of {project.workspace}"
    missing = "" if place.standing is Standing.ENVIRONMENT else ", and uv creates it"
    return UvTarget(place.path, Source.PROJECT, reason + missing, place.real)


def _candidates(seen: Surroundings) -> Iterator[Candidate]:
    """What uv tries when nobody has told it where to go, in its order."""
    nearby = nearby_environment(seen)
    if seen.virtual_env is not None:
        yield Candidate(seen.virtual_env, Source.VIRTUAL_ENV, "VIRTUAL_ENV is first in uv's order")
    if seen.conda is not None and not is_conda_base(seen.conda, seen.version):
        reason = "CONDA_PREFIX names it" if nearby is None else "CONDA_PREFIX comes before .venv in uv's order"
        yield Candidate(seen.conda.place, Source.CONDA, reason)
    if nearby is not None:
        yield Candidate(nearby.place, Source.NEARBY, _nearby_reason(nearby))
    if seen.first_python is not None and seen.first_python.standing is Standing.ENVIRONMENT:
        yield Candidate(seen.first_python, Source.SEARCH_PATH, "the first Python on the search path lives in it")


def _nearby_reason(nearby: Nearby) -> str:
    match nearby.kind:
        case NearbyKind.INSIDE:
            return "the working directory lies inside it"
        case NearbyKind.REDIRECT:
            return f"{nearby.place.shown} names it"
        case NearbyKind.DIRECTORY | NearbyKind.DANGLING:
            return "it is the nearest .venv above" if nearby.distance else "it is the working directory's .venv"


def _judge(candidate: Candidate, version: Version) -> UvTarget | None:
    """What uv makes of one environment: its target, a refusal, or nothing, and it tries the next."""
    place, source = candidate.place, candidate.source
    strict = version >= (0, 5)
    match place.standing:
        case Standing.ENVIRONMENT:
            return _chosen(candidate)
        case Standing.PREFIX if source is not Source.VIRTUAL_ENV:
            return _chosen(candidate)
        case Standing.BROKEN if strict:
            return UvTarget(None, source, f"uv refuses: the Python of {place.path} is a link to nothing")
        case Standing.NO_CONFIG | Standing.MISSING if source is Source.NEARBY:
            return UvTarget(None, source, f"uv refuses: {place.path} has no pyvenv.cfg")
        case Standing.NO_PYTHON if source is Source.NEARBY and strict:
            return UvTarget(None, source, f"uv refuses: {place.path} has no Python")
        case _:
            return None


def _chosen(candidate: Candidate) -> UvTarget:
    return UvTarget(candidate.place.path, candidate.source, candidate.reason, candidate.place.real)


def _by_path(place: Place, request: Setting) -> UvTarget:
    if place.standing in SOUND:
        return UvTarget(place.path, Source.REQUEST, f"{request.origin} names it", place.real)
    return UvTarget(None, Source.REQUEST, f"uv refuses: {request.origin} names {place.path}, which holds no Python")


def _by_version(candidates: tuple[Candidate, ...], request: Setting) -> UvTarget:
    """Which environment has the Python that was asked for."""
    for candidate in candidates:
        place = candidate.place
        plain = place.standing is Standing.PREFIX and candidate.source is Source.VIRTUAL_ENV
        if place.standing not in SOUND or plain:
            continue
        answer = satisfies(place.python, request.value)
        if answer is None:
            return UvTarget(None, Source.UNKNOWN, f"only uv knows what answers {request.origin}, `{request.value}`")
        if answer:
            reason = f"{candidate.reason}, and has the Python that {request.origin} asks for"
            return UvTarget(place.path, candidate.source, reason, place.real)
    asked = f"{request.origin} asks for Python `{request.value}`"
    return UvTarget(None, Source.REQUEST, f"uv refuses: {asked}, and no active or nearby environment has it")


def _system_target(seen: Surroundings, system: Setting) -> UvTarget:
    """Where uv goes when it is told to leave virtual environments aside."""
    tried: list[tuple[Place, Source]] = []
    if seen.conda is not None and is_conda_base(seen.conda, seen.version):
        tried.append((seen.conda.place, Source.CONDA_BASE))
    if seen.first_plain_python is not None:
        tried.append((seen.first_plain_python, Source.SEARCH_PATH))
    for place, source in tried:
        fits = seen.request is None or satisfies(place.python, seen.request.value)
        if fits and place.standing is Standing.PREFIX:
            return UvTarget(place.path, source, f"{system.origin} sends uv to the system's Python", place.real)
    return UvTarget(None, Source.UNKNOWN, f"{system.origin} sends uv to a Python outside virtual environments")
