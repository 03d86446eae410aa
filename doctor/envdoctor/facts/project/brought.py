"""Whose environment lies here? One that came with the directory holds programs of others, whoever owns its files."""

from __future__ import annotations

import enum
import json
import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.project.environment import EnvironmentSource, ProjectEnvironment
from envdoctor.facts.project.git_index import keeps_any_of
from envdoctor.facts.venv.active import ActiveVenv, ProjectVenv
from envdoctor.facts.venv.layout import examine
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.session import Session
from envdoctor.text import limits

FOUND_HERE = (EnvironmentSource.MANAGER, EnvironmentSource.OWN)
PYTHON = "bin/python"


class Doubt(enum.Enum):
    """Why an environment may not be the user's."""

    KEPT = "git keeps it"
    MADE_ELSEWHERE = "nothing in it names the place where it lies"
    OTHERS = "others may change it"


class Doubtful(Fact, frozen=True):
    """An environment that no fix may run.

    Attributes:
        root: its directory, as spelled.
        doubt: why.
        detail: who may change it, as a clause; empty for the other doubts.
        of_project: whether it is the one that the project uses.
    """

    root: str
    doubt: Doubt
    detail: str = ""
    of_project: bool = False


class BroughtEnvironments(Fact, frozen=True):
    """The environments near by that may have come with the directory.

    To activate one is the user's word: of the active one only its owners count. An environment that was made at its
    place names that place. Whoever packs an archive does not know where it will be unpacked, nor who has a copy of a
    directory where that will lie; one that was made to be moved (`uv venv --relocatable`) names no place.
    """

    environments: tuple[Doubtful, ...]


@probe
def probe_brought_environments(
    session: Session, nearby: ProjectVenv | None, environment: ProjectEnvironment | None, active: ActiveVenv | None
) -> BroughtEnvironments:
    """Look at who may change the environments near by, whether git keeps them, and whether they name their place."""
    near = {nearby.path} | ({nearby.venv.root} if nearby.venv else set()) if nearby else set()
    used = environment.root if environment and environment.source in FOUND_HERE else None
    own = {active.value} | ({active.venv.root} if active.venv else set()) if active else set()
    doubtful = []
    for root in sorted(near | own | ({used} if used else set())):
        doubt = _doubt(session, root, chosen=root in own)
        if doubt:
            doubtful.append(Doubtful(root, *doubt, of_project=root == used))
    if not doubtful:
        raise Unavailable("no environment here came from elsewhere")
    return BroughtEnvironments(tuple(doubtful))


def _doubt(session: Session, root: str, *, chosen: bool) -> tuple[Doubt, str] | None:
    python = os.path.join(root, PYTHON)
    if flaw := session.trust.flaw(python):
        return Doubt.OTHERS, flaw
    if chosen or not os.path.lexists(root):
        return None
    if keeps_any_of(root):
        return Doubt.KEPT, ""
    named = not os.path.lexists(python) or names_its_place(root, session.home)
    return None if named else (Doubt.MADE_ELSEWHERE, "")


def names_its_place(root: str, home: str | None) -> bool:
    """Whether an environment, or conda's list of environments in a home, says that it was made where it lies."""
    venv = examine(root)
    if venv.activate_root:
        return venv.activate_is_here
    made = (venv.value("command") or "").rpartition(" ")[2]
    return any(_same(place, root) for place in (made, _place_of_pixi(root), *_listed_by_conda(root, home)) if place)


def _place_of_pixi(root: str) -> str | None:
    """Where pixi has made it: `.pixi/envs/NAME` beside the manifest."""
    try:
        record = json.loads(read_text(os.path.join(root, "conda-meta/pixi"), limits.SMALL_FILE))
    except (Unreadable, ValueError, RecursionError):
        return None
    match record:
        case {"manifest_path": str(manifest), "environment_name": str(name)}:
            return os.path.join(os.path.dirname(manifest), ".pixi/envs", name)
        case _:
            return None


def _listed_by_conda(root: str, home: str | None) -> Iterator[str]:
    try:
        lines = read_text(f"{home}/.conda/environments.txt", limits.LISTED_ENVIRONMENTS).splitlines() if home else []
    except Unreadable:
        return
    real = os.path.realpath(root)
    yield from (line for line in lines if line in (root, real))


def _same(one: str, other: str) -> bool:
    try:
        return os.path.isabs(one) and os.path.samefile(one, other)
    except (OSError, ValueError):
        return False
