"""Which conda installations are here, and what names each of them? Found without running any."""

from __future__ import annotations

import enum
import os
from collections.abc import Iterator
from functools import partial

from envdoctor.engine.fact import (
    Fact,
    TimedOut,
    Unavailable,
    probe,
)
from envdoctor.facts.session.context import Examined
from envdoctor.facts.shell.parser import Place
from envdoctor.facts.shell.startup_files import FAMILIES, StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind
from envdoctor.system.deadline import SECONDS, within
from envdoctor.system.session import Session

# where the installers of Anaconda, Miniconda, Miniforge and micromamba put conda if nothing else is said
USUAL_HOMES = (
    *("miniconda3", "anaconda3", "miniforge3", "mambaforge", "micromamba", "miniconda", "anaconda"),
    ".local/share/mamba",
)
PROGRAM_DIRECTORIES = ("bin", "condabin")
USUAL_PLACES = ("/opt/conda", "/opt/miniconda3", "/opt/anaconda3", "/opt/miniforge3")


class RootKind(enum.Enum):
    """Which family an installation belongs to."""

    CONDA = "conda"
    MAMBA = "micromamba"


class RootName(Fact, frozen=True):
    """What names a root: a variable, a command on the search path, a line of a start-up file, its usual place.

    Attributes:
        origin: which of them.
        text: what it says.
        in_session: whether it has an effect in this session. A line that this shell has not run has none.
    """

    origin: str
    text: str
    in_session: bool = True


class CondaRoot(Fact, frozen=True):
    """One installation: its base environment, and the `envs` and `pkgs` beside it.

    Attributes:
        path: its directory, as the first that names it spells it.
        real: that directory with all links resolved.
        kind: whether conda itself is in it; a micromamba root holds no `conda`.
        named: what names it, the most telling first.
    """

    path: str
    real: str
    kind: RootKind
    named: tuple[RootName, ...] = ()


class CondaRoots(Fact, frozen=True):
    """The installations that are here, and what names one that is not.

    Attributes:
        roots: each directory once.
        active: the root whose `conda` this shell uses; None if the variables name none.
    """

    roots: tuple[CondaRoot, ...] = ()
    active: str | None = None

    def find(self, *spellings: str) -> CondaRoot | None:
        """The root that is this directory: give every spelling that is known, the resolved one too."""
        wanted = {spelling.rstrip("/") for spelling in spellings}
        return next((root for root in self.roots if wanted & {root.path, root.real}), None)

    def root_of(self, *spellings: str) -> CondaRoot | None:
        """The root that an environment belongs to: itself, or the one whose `envs` it lies in."""
        parents = [os.path.split(spelling.rstrip("/"))[0] for spelling in spellings]
        above = [os.path.dirname(parent) for parent in parents if os.path.basename(parent) == "envs"]
        return self.find(*above, *spellings)


@probe
def probe_conda_roots(session: Session, startup: StartupFiles | None, examined: Examined) -> CondaRoots:
    """Look at every place that names a root or is usual for one. A place that does not answer is not known for none."""
    named: dict[str, list[RootName]] = {}
    for path, name in (*_candidates(session), *_of_startup_files(startup, examined)):
        named.setdefault(os.path.normpath(path), []).append(name)
    roots: dict[str, CondaRoot] = {}
    for path, names in named.items():
        seen = within(partial(look, path)) if named_by_variable(names) else look(path)
        if seen is None:
            raise TimedOut(f"{path}, which {names[0].origin} names, did not answer within {SECONDS:g} s")
        if (kind := seen.kind) is not None:
            known = roots.get(seen.real)
            others = known.named if known else ()
            roots[seen.real] = CondaRoot(known.path if known else path, seen.real, kind, (*others, *names))
    if not roots:
        raise Unavailable("no conda here")
    return CondaRoots(tuple(roots.values()), _active(session))


def _candidates(session: Session) -> Iterator[tuple[str, RootName]]:
    """Directories that may be roots, and what names them."""
    env = session.env
    for name in ("CONDA_EXE", "_CONDA_EXE", "MAMBA_EXE"):
        if os.path.isabs(value := env.get(name, "")) and os.path.basename(os.path.dirname(value)) in (
            "bin",
            "condabin",
        ):
            yield os.path.dirname(os.path.dirname(value)), RootName(name, value)
    for name in ("_CONDA_ROOT", "MAMBA_ROOT_PREFIX"):
        if os.path.isabs(value := env.get(name, "")):
            yield value, RootName(name, value)
    if os.path.isabs(prefix := env.get("CONDA_PREFIX", "")):
        parent, _ = os.path.split(prefix.rstrip("/"))
        root = os.path.dirname(parent) if os.path.basename(parent) == "envs" else prefix
        yield root, RootName("CONDA_PREFIX", prefix)
    for element in session.search_path:
        if os.path.isabs(element) and os.path.basename(element.rstrip("/")) in PROGRAM_DIRECTORIES:
            yield os.path.dirname(element.rstrip("/")), RootName("PATH", element)
    for place in (*(os.path.join(session.home, name) for name in USUAL_HOMES if session.home), *USUAL_PLACES):
        yield place, RootName("its usual place", place, in_session=False)


def _of_startup_files(startup: StartupFiles | None, examined: Examined) -> Iterator[tuple[str, RootName]]:
    """The roots that `conda init` has written into start-up files; each block once, however its file is reached."""
    if startup is None:
        return
    family = FAMILIES.get(examined.shell or "")
    read = startup.read_by(family, login=bool(examined.login), interactive=True) if family else ()
    lines = startup.mentions("conda", "mamba", kind=LineKind.BLOCK)
    for origin, line in {line.origin: line for line in lines}.items():
        if line.value and os.path.isabs(line.value):
            is_run = line.file in read and line.place is not Place.FUNCTION
            yield line.value, RootName(origin, line.value, is_run)


def named_by_variable(names: list[RootName]) -> bool:
    """Whether a variable names this place: then nothing else has looked whether it answers at all."""
    return any("CONDA" in name.origin or "MAMBA" in name.origin for name in names)


def _active(session: Session) -> str | None:
    for name in ("_CONDA_ROOT", "CONDA_EXE", "MAMBA_ROOT_PREFIX"):
        if value := session.env.get(name):
            return os.path.dirname(os.path.dirname(value)) if name == "CONDA_EXE" else value
    return None


class Look(Fact, frozen=True):
    """What one look at a directory showed: where it really is, and what kind of root it is if it is one."""

    real: str
    kind: RootKind | None


def look(path: str) -> Look:
    """Look at a directory that may be a root."""
    has = {name: os.path.isdir(os.path.join(path, name)) for name in ("conda-meta", "condabin", "envs", "pkgs")}
    program = any(os.path.lexists(os.path.join(path, place, "conda")) for place in ("condabin", "bin"))
    kind = None
    if has["conda-meta"] and has["condabin"] and program:
        kind = RootKind.CONDA
    elif has["pkgs"] and (has["envs"] or has["conda-meta"]):
        kind = RootKind.MAMBA
    return Look(os.path.realpath(path), kind)
