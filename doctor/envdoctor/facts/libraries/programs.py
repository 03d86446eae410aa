"""Which everyday programs get other shared libraries than their own in this session, and what comes of it?"""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.commands.resolve import is_executable
from envdoctor.facts.loader.conflicts import (
    Clash,
    Effect,
    SymbolTables,
    clashes,
)
from envdoctor.facts.loader.library_path import PRELOAD, VARIABLE
from envdoctor.system.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:  # loaded when there is something to compare
    from envdoctor.facts.loader.glibc import Loader

PROGRAMS = (
    *("bash", "zsh", "fish", "tmux", "screen", "vim", "nano", "less", "git", "ssh", "curl", "wget", "apt", "dnf"),
    *("rsync", "gpg", "cmake", "gdb", "psql", "sqlite3", "tclsh", "perl", "node"),
)
# programs that start others from a directory of their own, by patterns relative to where they really lie
BEHIND = {
    "git": ("git over https", ("../lib/git-core/git-remote-https", "../libexec/git-core/git-remote-https")),
    "psql": ("psql", ("../lib/postgresql/*/bin/psql", "../../lib/postgresql/*/bin/psql")),
}


class DisturbedProgram(Fact, frozen=True):
    """A program that does not start as it should.

    Attributes:
        name: what it is called.
        path: the file.
        clashes: the libraries that do not fit, those that break it first.
    """

    name: str
    path: str
    clashes: tuple[Clash, ...]

    @property
    def breaks(self) -> bool:
        """Whether it ends with an error; otherwise it only warns."""
        return any(clash.effect is Effect.BREAKS for clash in self.clashes)


class DisturbedPrograms(Fact, frozen=True):
    """The programs of this session that `LD_LIBRARY_PATH` and `LD_PRELOAD` disturb, those that break first.

    Attributes:
        programs: the disturbed ones.
        examined: all that were looked at.
    """

    programs: tuple[DisturbedProgram, ...] = ()
    examined: tuple[str, ...] = ()


@probe(where_set=(VARIABLE, PRELOAD), otherwise=f"neither {VARIABLE} nor {PRELOAD} is set")
def probe_disturbed_programs(session: Session) -> DisturbedPrograms:
    """Compare how each program would load with and without the session's variables. Nothing is run."""
    from envdoctor.facts.loader.loading import loading

    return disturbed_by(session, loading(session).here)


def disturbed_by(
    session: Session, loader_of: Callable[[str], Loader], otherwise: Callable[[str], Loader] | None = None
) -> DisturbedPrograms:
    """The programs that these loaders, one for each, disturb.

    Args:
        session: the session.
        loader_of: the loader of a program.
        otherwise: the loader to compare with; that with none of the loader's variables set, if left out.
    """
    from envdoctor.facts.loader.loading import loading

    loaders, tables = loading(session), SymbolTables()
    undisturbed = otherwise or loaders.clean
    disturbed, examined = [], []
    for name, path in _programs(session):
        before = loaders.start(undisturbed(path), path)
        after = loaders.start(loader_of(path), path)
        if before is None or after is None:
            continue
        examined.append(name)
        if found := clashes(before, after, tables):
            disturbed.append(DisturbedProgram(name, path, found))
    disturbed.sort(key=lambda program: not program.breaks)
    return DisturbedPrograms(tuple(disturbed), tuple(examined))


def _programs(session: Session) -> Iterator[tuple[str, str]]:
    """The programs that the shell would find by these names, and those that they start from elsewhere."""
    there = (element for element in session.search_path if os.path.isabs(element) and os.path.isdir(element))
    directories = tuple(dict.fromkeys(there))
    for name in PROGRAMS:
        path = next(filter(is_executable, (f"{directory}/{name}" for directory in directories)), None)
        if path is None:
            continue
        yield name, path
        other, patterns = BEHIND.get(name, (name, ()))
        beside = glob.escape(os.path.dirname(os.path.realpath(path)))
        behind = sorted(found for pattern in patterns for found in glob.glob(f"{beside}/{pattern}"))
        if behind:
            yield other, os.path.normpath(behind[-1])
