"""Which conda environment do the variables of this session call active, and what is at that place?"""

from __future__ import annotations

import os
from collections.abc import Mapping

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.system.session import Session
from envdoctor.text.patterns import pattern

DEEPEST = 20

RECORD_OF_PYTHON = pattern(r"python-[0-9][^-]*-[^-]+\.json")


class StackedPrefix(Fact, frozen=True):
    """An environment that was active before: `CONDA_PREFIX_<level>`."""

    level: int
    prefix: str


class CondaActivation(Fact, frozen=True, kw_only=True):
    """The activation of a conda environment, by conda, mamba or pixi.

    Attributes:
        prefix: `CONDA_PREFIX`, as spelled.
        real: the same with all links resolved.
        name: `CONDA_DEFAULT_ENV`: a name, or a path; None if it is not set.
        depth: `CONDA_SHLVL`, verbatim; None if it is not set.
        exe: `CONDA_EXE`, the `conda` that the shell function calls.
        root: `_CONDA_ROOT`, the installation that the function belongs to.
        stack: the environments below it, the lowest level first. A level can be missing.
        is_stacked: whether it was put on top of the one below, which has stayed on the search path.
        exists: whether the prefix is a directory.
        has_meta: whether it is a conda environment: it has a `conda-meta`.
        has_history: whether it has the `conda-meta/history` by which conda knows its environments.
        has_python: whether there is a `python` in its `bin`.
        records_python: whether conda's records say that Python is installed, so that `conda install` does nothing.
        has_pip: whether there is a `pip` in its `bin`.
        is_pixi: whether pixi made it.
        is_base: whether it is the base environment, by uv's test.
        position: the place of its `bin` on the search path; None if it is not there.
    """

    prefix: str
    real: str
    name: str | None = None
    depth: str | None = None
    exe: str | None = None
    root: str | None = None
    stack: tuple[StackedPrefix, ...] = ()
    is_stacked: bool = False
    exists: bool = True
    has_meta: bool = True
    has_history: bool = True
    has_python: bool = True
    has_pip: bool = True
    records_python: bool = False
    is_pixi: bool = False
    is_base: bool = False
    position: int | None = None

    @property
    def bin(self) -> str:
        """The directory of its programs."""
        return os.path.join(self.prefix, "bin")

    @property
    def python(self) -> str:
        """Its interpreter, whether it exists or not."""
        return os.path.join(self.bin, "python")


def _records_python(records: str) -> bool:
    try:
        names = os.listdir(records)
    except OSError:
        return False
    return any(RECORD_OF_PYTHON.fullmatch(name) for name in names)


@probe
def probe_conda_activation(session: Session, search_path: SearchPath) -> CondaActivation:
    """Read conda's variables, and look at the prefix that they name. Nothing is run."""
    prefix = session.env.get("CONDA_PREFIX")
    if not prefix:
        raise Unavailable("no conda environment is active: CONDA_PREFIX is not set")
    real = os.path.realpath(prefix)
    is_pixi = os.path.isfile(os.path.join(prefix, "conda-meta/pixi"))
    name, root = session.env.get("CONDA_DEFAULT_ENV"), session.env.get("_CONDA_ROOT")
    depth = session.env.get("CONDA_SHLVL")
    return CondaActivation(
        prefix=prefix,
        real=real,
        name=name,
        depth=depth,
        exe=session.env.get("CONDA_EXE"),
        root=root,
        stack=read_stack(session.env),
        is_stacked=session.env.get(f"CONDA_STACKED_{depth}") == "true",
        exists=os.path.isdir(prefix),
        has_meta=os.path.isdir(os.path.join(prefix, "conda-meta")),
        has_history=os.path.isfile(os.path.join(prefix, "conda-meta/history")),
        has_python=os.path.exists(os.path.join(prefix, "bin/python")),
        has_pip=os.path.exists(os.path.join(prefix, "bin/pip")),
        records_python=_records_python(os.path.join(prefix, "conda-meta")),
        is_pixi=is_pixi,
        is_base=is_base(prefix, name, root, is_pixi=is_pixi),
        position=search_path.position(f"{prefix}/bin", f"{real}/bin"),
    )


def is_base(prefix: str, name: str | None, root: str | None, *, is_pixi: bool = False) -> bool:
    """Whether the variables describe the base environment, as uv tells it from the others.

    conda itself calls an environment below `envs` by its directory and any other by its whole path, so a name that is
    neither can only be base's.
    """
    prefix = prefix.rstrip("/")
    if is_pixi:
        return False
    if root and root.rstrip("/") == prefix:
        return True
    if not name or name.rstrip("/") == prefix:
        return False
    return os.path.basename(prefix) != name


def read_stack(env: Mapping[str, str]) -> tuple[StackedPrefix, ...]:
    """The environments below the active one, whether or not the levels are without gaps.

    `conda deactivate` leaves its variables set and empty; to conda an empty level is none.
    """
    levels = ((level, env.get(f"CONDA_PREFIX_{level}")) for level in range(1, DEEPEST + 1))
    return tuple(StackedPrefix(level, prefix) for level, prefix in levels if prefix)
