"""Where do the tools of this machine keep environments? Their lists and directories, read without running any."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator

import msgspec

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.conda.installations import CondaRoots
from envdoctor.facts.environments.kinds import (
    GENERIC,
    Kind,
    KnownEnvironment,
    recognise,
)
from envdoctor.facts.pyenv.versions import Pyenv
from envdoctor.facts.session import user_dirs
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.venv.active import ActiveVenv, ProjectVenv
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.session import Session
from envdoctor.text.patterns import pattern

MOST = 2000
PIPENV_NAME = pattern(r"-[A-Za-z0-9_-]{8}$")  # the hash of the project's path


class Candidate(msgspec.Struct, frozen=True):
    """A directory that may be an environment: the kind that its place says, and how it was found."""

    path: str
    kind: Kind | None
    found: str


class RegisteredEnvironments(Fact, frozen=True):
    """The environments in the places where tools keep them, and those of this session, each once.

    Attributes:
        environments: in the order of the places.
        skipped: what could not be read, as `path: reason`.
    """

    environments: tuple[KnownEnvironment, ...] = ()
    skipped: tuple[str, ...] = ()


@probe
def probe_registered_environments(
    session: Session,
    active: ActiveVenv | None,
    near: ProjectVenv | None,
    conda: CondaActivation | None,
    roots: CondaRoots | None,
    pyenv: Pyenv | None,
) -> RegisteredEnvironments:
    """Look at every place where a tool keeps environments."""
    skipped: list[str] = []
    candidates = [*_of_session(active, near, conda), *_of_conda(session, roots, skipped)]
    for root in pyenv.roots if pyenv else ():
        candidates += _of_pyenv(root.root)
    candidates += [candidate for place in _collections(session) for candidate in _inside(*place, skipped)]
    using = {
        os.path.realpath(path) for path in (active and active.venv and active.venv.root, conda and conda.prefix) if path
    }
    return RegisteredEnvironments(distinct(candidates, session.home, using), tuple(skipped))


def distinct(
    candidates: Iterable[Candidate], home: str | None, active: Iterable[str] = ()
) -> tuple[KnownEnvironment, ...]:
    """What is in these directories, each environment once, by the most telling kind: the first that a place names."""
    using = frozenset(active)
    found: dict[str, KnownEnvironment] = {}
    kinds: dict[str, Kind] = {}
    for candidate in candidates:
        real = os.path.realpath(candidate.path)
        if candidate.kind is not None:
            kinds.setdefault(real, candidate.kind)
        if real not in found and (environment := recognise(candidate.path, candidate.kind, candidate.found, home)):
            found[real] = environment
    return tuple(
        msgspec.structs.replace(
            environment,
            kind=kinds.get(real, environment.kind) if environment.kind in GENERIC else environment.kind,
            active=real in using,
        )
        for real, environment in found.items()
    )


def _of_session(
    active: ActiveVenv | None, near: ProjectVenv | None, conda: CondaActivation | None
) -> Iterator[Candidate]:
    if active and active.venv:
        yield Candidate(active.venv.root, None, "VIRTUAL_ENV")
    if near and near.venv:
        yield Candidate(near.venv.root, None, "the project's own")
    if conda:
        yield Candidate(conda.prefix, None, "CONDA_PREFIX")


def _of_conda(session: Session, roots: CondaRoots | None, skipped: list[str]) -> Iterator[Candidate]:
    for root in roots.roots if roots else ():
        yield Candidate(root.path, None, root.named[0].origin if root.named else "its usual place")
        yield from _inside(f"{glob.escape(root.path)}/envs/*", None, f"{root.path}/envs", skipped)
    for variable in ("CONDA_ENVS_PATH", "CONDA_ENVS_DIRS"):
        for directory in filter(os.path.isabs, (session.env.get(variable) or "").split(os.pathsep)):
            yield from _inside(f"{glob.escape(directory)}/*", None, variable, skipped)
    if session.home is None:
        return
    listed = f"{session.home}/.conda/environments.txt"
    try:
        lines = read_text(listed).splitlines()
    except Unreadable as error:
        if os.path.lexists(listed):
            skipped.append(str(error))
        lines = []
    for number, line in enumerate(lines[:MOST], 1):
        if os.path.isabs(path := line.strip()):
            yield Candidate(path, None, f"{listed}:{number}")
    yield from _inside(f"{glob.escape(session.home)}/.conda/envs/*", None, f"{session.home}/.conda/envs", skipped)


def _of_pyenv(root: str) -> Iterator[Candidate]:
    for path in sorted(glob.glob(f"{glob.escape(root)}/versions/*/envs/*"))[:MOST]:
        yield Candidate(path, Kind.PYENV_VIRTUALENV, f"{root}/versions")
    for path in sorted(glob.glob(f"{glob.escape(root)}/versions/*"))[:MOST]:
        inside = os.path.isfile(f"{path}/pyvenv.cfg")
        yield Candidate(path, Kind.PYENV_VIRTUALENV if inside else Kind.PYENV, f"{root}/versions")


def _collections(session: Session) -> Iterator[tuple[str, Kind | None, str]]:
    """Patterns of the directories in which tools keep environments, with the kind of what they keep."""
    data, cache, home = user_dirs.data_home(session), user_dirs.cache_home(session), session.home
    pipx = user_dirs.pipx_home(session)
    poetry = user_dirs.chosen(session, "POETRY_CACHE_DIR") or user_dirs.below(cache, "pypoetry")
    work_on = user_dirs.chosen(session, "WORKON_HOME")
    hatch = user_dirs.chosen(session, "HATCH_DATA_DIR") or user_dirs.below(data, "hatch")
    pixi = user_dirs.chosen(session, "PIXI_HOME") or user_dirs.below(home, ".pixi")
    asdf = user_dirs.chosen(session, "ASDF_DATA_DIR") or user_dirs.below(home, ".asdf")
    mise = user_dirs.chosen(session, "MISE_DATA_DIR") or user_dirs.below(data, "mise")
    for directory, below, kind in (
        (user_dirs.uv_pythons(session), "*", Kind.UV_PYTHON),
        (user_dirs.uv_tools(session), "*", Kind.UV_TOOL),
        (user_dirs.uv_cache(session), "environments-v2/*", Kind.UV_CACHE),
        (pipx, "venvs/*", Kind.PIPX),
        (user_dirs.chosen(session, "POETRY_VIRTUALENVS_PATH"), "*", Kind.POETRY),
        (poetry, "virtualenvs/*", Kind.POETRY),
        (user_dirs.below(home, "Library/Caches/pypoetry"), "virtualenvs/*", Kind.POETRY),
        (work_on, "*", Kind.VIRTUALENVWRAPPER),
        (user_dirs.below(data, "virtualenvs"), "*", Kind.PIPENV),
        (user_dirs.below(home, ".virtualenvs"), "*", Kind.VIRTUALENVWRAPPER),
        (hatch, "env/virtual/*/*/*", Kind.HATCH),
        (pixi, "envs/*", Kind.PIXI),
        (asdf, "installs/python/*", Kind.ASDF),
        (mise, "installs/python/*", Kind.MISE),
    ):
        if directory is not None:
            yield f"{glob.escape(directory)}/{below}", kind, directory


def _inside(pattern: str, kind: Kind | None, found: str, skipped: list[str]) -> Iterator[Candidate]:
    """What a pattern matches, but no links of uv and mise to the newest of a minor version: they are no others."""
    paths = sorted(glob.glob(pattern))
    if len(paths) > MOST:
        skipped.append(f"{found}: only the first {MOST} of {len(paths)} entries were looked at")
    for path in paths[:MOST]:
        if not (kind in (Kind.UV_PYTHON, Kind.MISE) and os.path.islink(path) and os.path.exists(path)):
            pipenv = kind is Kind.VIRTUALENVWRAPPER and PIPENV_NAME.search(path)
            yield Candidate(path, Kind.PIPENV if pipenv else kind, found)
