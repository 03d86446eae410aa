"""What does the shell find when a command is typed, and which interpreter runs in the end?"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from msgspec.structs import asdict, replace

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.commands.resolve import (
    Behind,
    HitKind,
    Identity,
    ShimManager,
    identify,
    is_executable,
)
from envdoctor.facts.commands.shebang import ScriptHeader
from envdoctor.facts.pyenv.versions import Pyenv
from envdoctor.facts.session.search_path import EntryKind, SearchPath

TRACKED = (
    *("python", "python3", "pip", "pip3", "uv", "uvx", "conda", "mamba", "micromamba", "pixi", "poetry", "pipenv"),
    *("pipx", "pyenv", "virtualenv", "hatch", "pdm", "tox", "nox", "jupyter"),
)


class Hit(Fact, frozen=True):
    """One file that answers to a command.

    Attributes:
        name: the command.
        path: the file, as the search path spells it.
        position: the place of its directory on the search path.
        real: the file with all links resolved.
        kind: what it is.
        runs: the interpreter that runs in the end, by its path inside its own environment, links not resolved. A
            wrapper or a foreign shim called `python` names itself: only running it tells. None where no interpreter
            is known to run.
        problem: why nothing runs.
        manager: whose shim it is.
        header: what the first lines of a script say.
        version: the version that a pyenv shim selects; `system` if it falls through to the rest of the search path.
        same_as: an earlier hit of this command that is the same file in the same directory: `/bin` is `/usr/bin`.
        by_script: whether a shim is of the asdf that is a script, before 0.16.
        mode: who may do what with the file, as `chmod` takes it; None in an old recording.
    """

    name: str
    path: str
    position: int
    real: str
    kind: HitKind
    runs: str | None = None
    problem: str | None = None
    manager: ShimManager | None = None
    header: ScriptHeader | None = None
    version: str | None = None
    same_as: str | None = None
    mode: int | None = None
    by_script: bool = False

    @property
    def directory(self) -> str:
        """The directory of the file, as the search path spells it."""
        return os.path.dirname(self.path)


class Commands(Fact, frozen=True):
    """All files that answer to the commands of interest, each command's in the order of the search path."""

    hits: tuple[Hit, ...] = ()

    def all(self, name: str) -> tuple[Hit, ...]:
        """Every file that answers to a command; the shell takes the first."""
        return tuple(hit for hit in self.hits if hit.name == name)

    def first(self, name: str) -> Hit | None:
        """The file that the shell runs for a command."""
        return next((hit for hit in self.hits if hit.name == name), None)


@probe
def probe_commands(search_path: SearchPath, pyenv: Pyenv | None) -> Commands:
    """Search for the commands of interest, and follow each to its interpreter without running anything."""
    return Commands(tuple(hit for name in TRACKED for hit in find(name, search_path, pyenv)))


def find(name: str, search_path: SearchPath, pyenv: Pyenv | None) -> Iterator[Hit]:
    """Every file that answers to a command, in the order of the search path."""
    behind = Behind(search_path.absolute, pyenv)
    seen: dict[tuple[str, str], str] = {}
    known: dict[str, tuple[str, str, int | None, Identity]] = {}  # an element that stands there again tells nothing new
    for entry in search_path.entries:
        directory = entry.directory or entry.real
        if not directory or not entry.exists or not entry.searched:
            continue
        path = os.path.join(directory, name)
        if not is_executable(path):
            continue
        if path not in known:
            place, real = os.path.realpath(directory), os.path.realpath(path)
            known[path] = place, real, _mode(path), identify(path, name, behind)
        place, real, mode, found = known[path]
        if entry.kind in (EntryKind.EMPTY, EntryKind.RELATIVE):
            problem = "found through a relative element of the search path, from where envdoctor runs nothing"
            found = replace(found, runs=None, problem=problem)
        first = seen.setdefault((place, real), path)
        same_as = None if first is path else first
        yield Hit(name, path, entry.position, real, **asdict(found), same_as=same_as, mode=mode)


def _mode(path: str) -> int | None:
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except OSError:  # it is gone again
        return None
