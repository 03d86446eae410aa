"""Which directory do temporary files go to, and is it the one that was named?

Python takes the first usable of `TMPDIR`, `TEMP`, `TMP` and the system's own, without a word about those that it
passes over. Nothing is written here to find out: the rights of a directory tell.
"""

from __future__ import annotations

import enum
import os

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.disks.rights import is_writable
from envdoctor.system.session import Session
from envdoctor.text.unexpanded import unexpanded

# tempfile._candidate_tempdir_list, Python 3.13
VARIABLES = ("TMPDIR", "TEMP", "TMP")
SYSTEM = ("/tmp", "/var/tmp", "/usr/tmp")  # noqa: S108 - looked at, never written to


class TemporaryProblem(enum.Enum):
    """Why a directory that a variable names is not used, or not everywhere."""

    TILDE = "begins with a `~` that no shell has replaced"
    VARIABLE = "begins with a `$HOME` that no shell has replaced"
    RELATIVE = "is relative to the working directory"
    MISSING = "does not exist"
    NO_DIRECTORY = "is no directory"
    NOT_WRITABLE = "cannot be written to"


class TemporaryDirectory(Fact, frozen=True):
    """Where temporary files go.

    Attributes:
        used: the directory; None if none can be written to.
        variable: the first variable that names one; None if none is set to anything.
        value: what it says.
        problem: why that is not used, or not everywhere; None if it is.
        path: the directory that is meant, in full, `~` and `$HOME` being the home.
        creatable: whether that directory is not there, and this user could make it.
        misplaced: whether no directory that is meant for temporary files can be written to, so that they go elsewhere.
        of_the_system: whether the system's own directory for them is there.
    """

    used: str | None
    variable: str | None = None
    value: str = ""
    problem: TemporaryProblem | None = None
    path: str = ""
    creatable: bool = False
    misplaced: bool = False
    of_the_system: bool = True


@probe
def probe_temporary_directory(session: Session) -> TemporaryDirectory:
    """Go through the candidates in Python's order."""
    named = [(name, value) for name in VARIABLES if (value := session.env.get(name))]
    inside = session.cwd or "/"
    candidates = [os.path.normpath(os.path.join(inside, value)) for _, value in named]
    used = next(filter(is_writable, (*candidates, *SYSTEM, inside)), None)
    misplaced, system = used not in (*candidates, *SYSTEM), os.path.isdir(SYSTEM[0])
    if not named:
        return TemporaryDirectory(used, misplaced=misplaced, of_the_system=system)
    variable, value = named[0]
    problem = _problem(value, candidates[0])
    path = candidates[0]
    if problem in (TemporaryProblem.TILDE, TemporaryProblem.VARIABLE):
        path = unexpanded(value, session.home) or path
    return TemporaryDirectory(used, variable, value, problem, path, _is_creatable(path), misplaced, system)


def _problem(value: str, path: str) -> TemporaryProblem | None:
    if not os.path.isabs(value):
        if value.startswith("~"):
            return TemporaryProblem.TILDE
        return TemporaryProblem.VARIABLE if unexpanded(value, "/") else TemporaryProblem.RELATIVE
    if not os.path.lexists(path):
        return TemporaryProblem.MISSING
    if not os.path.isdir(path):
        return TemporaryProblem.NO_DIRECTORY
    return None if is_writable(path) else TemporaryProblem.NOT_WRITABLE


def _is_creatable(path: str) -> bool:
    """Whether `mkdir -p` would make it."""
    while not os.path.lexists(path):
        path = os.path.dirname(path)
        if os.path.lexists(path):
            return is_writable(path)
    return False
