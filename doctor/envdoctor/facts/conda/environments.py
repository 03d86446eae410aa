"""Which conda environments are known on this machine? Read from conda's own list and directories.

`conda env list` would rewrite that list, and as root it would read every user's. Nothing is written here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import (
    Fact,
    TimedOut,
    probe,
)
from envdoctor.facts.conda.condarc import Condarc
from envdoctor.facts.conda.installations import CondaRoots
from envdoctor.system.deadline import SECONDS, within
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.session import Session
from envdoctor.text import limits


class CondaEnvironment(Fact, frozen=True):
    """One environment.

    Attributes:
        prefix: its directory.
        name: what `conda activate` calls it: its name below a directory of environments, `base`, or its path.
        origin: what names it: `file:line` of conda's list, a directory of environments, or the root.
    """

    prefix: str
    name: str
    origin: str


class CondaEnvironments(Fact, frozen=True):
    """The environments that exist, each once; conda's list keeps the names of others that are long gone."""

    environments: tuple[CondaEnvironment, ...] = ()

    def called(self, name: str) -> tuple[CondaEnvironment, ...]:
        """Those of one name."""
        return tuple(environment for environment in self.environments if environment.name == name)


@probe(where=("CondaRoots", "Condarc"), otherwise="no conda here")
def probe_conda_environments(session: Session, roots: CondaRoots | None, condarc: Condarc | None) -> CondaEnvironments:
    """Read `environments.txt`, and look into each directory of environments."""
    named = tuple(_named(session, roots, condarc))
    found = within(lambda: tuple(environment for environment in named if is_environment(environment.prefix)))
    if found is None:
        raise TimedOut(f"the conda environments did not answer within {SECONDS:g} s")
    once: dict[str, CondaEnvironment] = {}
    for environment in found:
        once.setdefault(os.path.realpath(environment.prefix), environment)
    return CondaEnvironments(tuple(once.values()))


def is_environment(prefix: str) -> bool:
    """Whether conda takes a directory for an environment."""
    return os.path.isfile(os.path.join(prefix, "conda-meta", "history"))


def _named(session: Session, roots: CondaRoots | None, condarc: Condarc | None) -> Iterator[CondaEnvironment]:
    """What may be an environment, and what says so."""
    kept = roots.roots if roots else ()
    for root in kept:
        yield CondaEnvironment(root.path, "base", root.path)
    directories = [os.path.join(root.path, "envs") for root in kept]
    directories += [value.value for value in (condarc.elements("envs_dirs") if condarc else ())]
    directories += [os.path.join(session.home, ".conda", "envs")] if session.home else []
    for directory in directories:
        yield from _inside(os.path.join(session.home or "/", directory.removeprefix("~/")))
    if session.home:
        yield from _listed(os.path.join(session.home, ".conda", "environments.txt"))


def _inside(directory: str) -> Iterator[CondaEnvironment]:
    names = within(lambda: sorted(os.listdir(directory)) if os.path.isdir(directory) else [])
    for name in names or ():
        yield CondaEnvironment(os.path.join(directory, name), name, directory)


def _listed(path: str) -> Iterator[CondaEnvironment]:
    """The lines of conda's list."""
    try:
        lines = read_text(path, limits.LISTED_ENVIRONMENTS).splitlines()
    except Unreadable:
        return
    for number, line in enumerate(lines, 1):
        if os.path.isabs(line.strip()):
            yield CondaEnvironment(line.strip(), line.strip(), f"{path}:{number}")
