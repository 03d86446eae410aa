"""What kind of environment is in a directory, and is it sound? Told from its files, no interpreter is run."""

from __future__ import annotations

import enum
import glob
import os

from envdoctor.engine.fact import Fact
from envdoctor.facts.environments import parts
from envdoctor.facts.environments.condition import Condition, Defect, defect_of
from envdoctor.facts.venv import pyvenv_cfg
from envdoctor.facts.venv.layout import (
    Tool,
    Venv,
    examine,
    is_environment,
)
from envdoctor.facts.venv.soundness import drift, lost_base
from envdoctor.text.patterns import pattern

PYTHON_RECORD = pattern(r"python-([0-9]+\.[0-9]+(?:\.[0-9]+)?)-[^-]+\.json")
VERSION = pattern(r"([0-9]{1,9}\.[0-9]+(?:\.[0-9]+)?)")
LIBRARY = pattern(r"lib/(?:python|pypy)([0-9]+\.[0-9]+)t?$")


class Kind(enum.Enum):
    """What made an environment, or keeps it."""

    VENV = "venv"
    VIRTUALENV = "virtualenv"
    UV = "uv"
    CONDA = "conda"
    PIXI = "pixi"
    PYENV = "pyenv"
    PYENV_VIRTUALENV = "pyenv-virtualenv"
    UV_PYTHON = "uv-managed Python"
    UV_TOOL = "uv tool"
    UV_CACHE = "uv script"
    PIPX = "pipx"
    POETRY = "poetry"
    PIPENV = "pipenv"
    HATCH = "hatch"
    VIRTUALENVWRAPPER = "virtualenvwrapper"
    TOX = "tox"
    NOX = "nox"
    ASDF = "asdf"
    MISE = "mise"


MADE_BY = {Tool.UV: Kind.UV, Tool.VIRTUALENV: Kind.VIRTUALENV}
BESIDE = {".tox": Kind.TOX, ".nox": Kind.NOX}
GENERIC = (Kind.VENV, Kind.VIRTUALENV, Kind.UV)
PLAIN_PYTHONS = (Kind.PYENV, Kind.UV_PYTHON, Kind.ASDF, Kind.MISE)


class KnownEnvironment(Fact, frozen=True, kw_only=True):
    """One environment on the machine.

    Attributes:
        path: its directory, as it was found.
        real: the same with all links resolved.
        kind: what made it, or keeps it.
        python: the version of its Python, `3.12.1` or `3.12`; None if it has none, or does not say.
        base: the interpreter or installation that it stands on; None if it stands on its own.
        problem: why it does not work; None if it is sound.
        used: when it was last used or changed as far as its files tell, in seconds since 1970; None if they do not.
        found: how it was found: a variable, a file that lists it, a directory that was searched.
        active: whether a variable calls it active.
    """

    path: str
    real: str
    kind: Kind
    python: str | None = None
    base: str | None = None
    problem: str | None = None
    used: float | None = None
    found: str = ""
    active: bool = False


def recognise(path: str, kind: Kind | None = None, found: str = "", home: str | None = None) -> KnownEnvironment | None:
    """The environment in a directory; None if it is none. `kind` is given where the place tells it."""
    if os.path.isfile(f"{path}/{pyvenv_cfg.NAME}"):
        return _of_venv(path, kind, found, home)
    if os.path.isdir(f"{path}/conda-meta"):
        return _of_conda(path, found)
    if kind in PLAIN_PYTHONS and (os.path.isdir(f"{path}/bin") or os.path.islink(path)):
        return _of_plain_python(path, kind, found)
    if is_environment(path):
        return _of_venv(path, kind, found, home)
    return None


def _of_venv(path: str, kind: Kind | None, found: str, home: str | None) -> KnownEnvironment:
    used = _used(f"{path}/{pyvenv_cfg.NAME}", *glob.glob(f"{glob.escape(path)}/lib/python*/site-packages"))
    venv = examine(path)
    beside = BESIDE.get(os.path.basename(os.path.dirname(path.rstrip("/"))))
    return KnownEnvironment(
        path=path,
        real=venv.real,
        kind=kind or beside or MADE_BY.get(venv.tool, Kind.VENV),
        python=venv.version or _library_version(path),
        base=venv.base or venv.home,
        problem=problem_of(venv, home),
        used=used,
        found=found,
    )


def problem_of(venv: Venv, home: str | None) -> str | None:
    """Why a virtual environment does not work, in a few words; None if its files look sound."""
    made_for, runs = drift(venv) or (None, None)
    named = venv.activate_root if not venv.activate_is_here else None
    condition = Condition(
        venv=venv,
        lost=lost_base(venv),
        made_for=made_for,
        runs=runs,
        hidden=parts.count_packages(venv, made_for) if made_for else 0,
        missing=parts.missing(venv),
        named_root=named,
        named_is_environment=named is not None and is_environment(named),
    )
    words = {
        Defect.OTHER_MACHINE: f"made elsewhere, on {condition.lost}" if condition.lost else "made by Windows",
        Defect.BASE_GONE: f"its Python is gone: {condition.lost}",
        Defect.INCOMPLETE: f"incomplete: {condition.missing}",
        Defect.COPIED: f"a copy of {named}, which its scripts run",
        Defect.MOVED: f"moved from {named}, which its scripts name",
        Defect.DRIFTED: f"its packages are for Python {made_for}, its Python is {runs}",
        Defect.UNUSABLE_PATH: "its path cannot be used",
    }
    defect = defect_of(condition, home)
    return words[defect] if defect else None


def _of_conda(path: str, found: str) -> KnownEnvironment:
    python = f"{path}/bin/python"
    pixi = os.path.isfile(f"{path}/conda-meta/pixi")
    parent = os.path.dirname(path.rstrip("/"))
    return KnownEnvironment(
        path=path,
        real=os.path.realpath(path),
        kind=Kind.PIXI if pixi else Kind.CONDA,
        python=_recorded_version(path),
        base=os.path.dirname(parent) if os.path.basename(parent) == "envs" and not pixi else None,
        problem=f"its Python is gone: {os.path.realpath(python)}" if _is_dangling(python) else None,
        used=_used(f"{path}/conda-meta/history", os.path.realpath(python)),
        found=found,
    )


def _of_plain_python(path: str, kind: Kind, found: str) -> KnownEnvironment:
    programs = (f"{path}/bin/python3", f"{path}/bin/python", f"{path}/bin/pypy3", f"{path}/bin/pypy")
    python = next(filter(os.path.lexists, programs), programs[0])
    named = VERSION.search(os.path.basename(path))
    return KnownEnvironment(
        path=path,
        real=os.path.realpath(path),
        kind=kind,
        python=named[1] if named else _library_version(path),
        problem=None if os.path.exists(python) else f"{os.path.realpath(python)} does not exist",
        used=_used(os.path.realpath(python)),
        found=found,
    )


def _is_dangling(path: str) -> bool:
    return os.path.islink(path) and not os.path.exists(path)


def _recorded_version(path: str) -> str | None:
    """The version of the package `python` in conda's records."""
    try:
        names = os.listdir(f"{path}/conda-meta")
    except OSError:
        return None
    return next((found[1] for name in names if (found := PYTHON_RECORD.fullmatch(name))), None)


def _library_version(path: str) -> str | None:
    found = (LIBRARY.search(place) for place in glob.glob(f"{glob.escape(path)}/lib/*"))
    return next((minor[1] for minor in found if minor), None)


def _used(*paths: str) -> float | None:
    """The latest of when these were read or changed. A Python reads its `pyvenv.cfg` at each start."""
    times = []
    for path in paths:
        try:
            seen = os.stat(path)
        except OSError:
            continue
        times.append(max(seen.st_mtime, seen.st_atime if not os.path.isdir(path) else 0))
    return max(times, default=None)
