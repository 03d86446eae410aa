"""Which Pythons could a new environment be made with? Found by their names; none of them is run."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.commands.resolve import is_executable
from envdoctor.facts.pyenv.versions import Pyenv
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.facts.uv.managed_pythons import UvPythons
from envdoctor.facts.venv.pyvenv_cfg import NAME

MINORS = range(6, 25)
RELEASE = r"3\.\d+\.\d+"


class PythonAtHand(Fact, frozen=True):
    """A Python that could be the base of an environment.

    Attributes:
        version: `3.12.1`, or `3.12` where the name says no more.
        path: the interpreter.
    """

    version: str
    path: str

    @property
    def minor(self) -> str:
        """`3.12`."""
        return ".".join(self.version.split(".")[:2])


class PythonsAtHand(Fact, frozen=True):
    """The Pythons of this machine, those on the search path first."""

    pythons: tuple[PythonAtHand, ...] = ()


@probe
def probe_pythons_at_hand(search_path: SearchPath, pyenv: Pyenv | None, uv: UvPythons | None) -> PythonsAtHand:
    """Look for `python3.N` on the search path, and into the directories of pyenv and uv."""
    found = [*_on_the_path(search_path)]
    for root in pyenv.roots if pyenv else ():
        versions = [version for version in root.installed if re.fullmatch(RELEASE, version)]
        found += [PythonAtHand(version, f"{root.root}/versions/{version}/bin/python") for version in versions]
    for python in uv.installed if uv else ():
        if python.implementation == "cpython" and re.fullmatch(RELEASE, python.version) and not python.variant:
            found.append(PythonAtHand(python.version, f"{python.path}/bin/python3"))
    return PythonsAtHand(tuple(found))


def _on_the_path(search_path: SearchPath) -> Iterator[PythonAtHand]:
    for directory in search_path.absolute:
        # a shim answers to every version and runs one; an environment is no base for another
        if os.path.basename(directory) == "shims" or os.path.isfile(os.path.join(os.path.dirname(directory), NAME)):
            continue
        for minor in MINORS:
            path = f"{directory}/python3.{minor}"
            if is_executable(path):
                yield PythonAtHand(f"3.{minor}", path)
