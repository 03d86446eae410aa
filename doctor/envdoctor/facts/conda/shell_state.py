"""What of conda is in this shell, apart from the active environment: its count of activations, and its command?"""

from __future__ import annotations

import glob
import os
import re

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.session.conda_activation import DEEPEST, StackedPrefix, read_stack
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.session import Session
from envdoctor.text import limits


class CondaLevel(Fact, frozen=True):
    """How often conda has been activated in this shell and in those above, as its variables say.

    Attributes:
        text: `CONDA_SHLVL`, verbatim.
        number: the same as a number; None if it is none, which stops conda.
        active: `CONDA_PREFIX`; None if it is not set, or empty.
        stack: the environments below the active one. A level can be missing.
    """

    text: str
    number: int | None
    active: str | None = None
    stack: tuple[StackedPrefix, ...] = ()

    @property
    def gaps(self) -> tuple[int, ...]:
        """The levels below the active one that no variable, or an empty one, names, as far up as envdoctor looks."""
        there = {stacked.level for stacked in self.stack}
        return tuple(level for level in range(1, min(self.number or 0, DEEPEST + 1)) if level not in there)


@probe
def probe_conda_level(session: Session) -> CondaLevel:
    """Read `CONDA_SHLVL` and the stack below the active environment."""
    text = session.env.get("CONDA_SHLVL")
    if text is None:
        raise Unavailable("conda has not been set up in this shell: CONDA_SHLVL is not set")
    number = int(text) if re.fullmatch(r"\s*[0-9]{1,9}\s*", text) else None
    return CondaLevel(text, number, session.env.get("CONDA_PREFIX") or None, read_stack(session.env))


class CondaUnsetMarks(Fact, frozen=True):
    """The variables that hold `***unset***`, which conda writes for a variable that an environment no longer sets."""

    names: tuple[str, ...]


@probe
def probe_conda_unset_marks(session: Session) -> CondaUnsetMarks:
    """Look for conda's mark among the values of this session's variables."""
    if not session.unset_marks:
        raise Unavailable("no variable holds conda's mark for unset")
    return CondaUnsetMarks(session.unset_marks)


class CondaCommand(Fact, frozen=True):
    """The `conda` that the search path leads to.

    Attributes:
        path: the file, as the search path spells it.
        prefix: the directory whose `bin` it lies in, links resolved.
        has_meta: whether that is a conda environment, which the root of a real conda is.
        installer: who installed the Python package `conda` there: `pip`, `uv`, `conda`; None if there is none.
        version: of that package.
    """

    path: str
    prefix: str
    has_meta: bool
    installer: str | None = None
    version: str | None = None


@probe
def probe_conda_command(commands: Commands) -> CondaCommand:
    """Look at where the first `conda` lies."""
    hit = commands.first("conda")
    if hit is None:
        raise Unavailable("there is no `conda` on the search path")
    prefix = os.path.dirname(os.path.dirname(hit.real))
    has_meta = os.path.isdir(os.path.join(prefix, "conda-meta"))
    packages = os.path.join(glob.escape(prefix), "lib", "python*", "site-packages", "conda-[0-9]*.dist-info")
    for record in sorted(glob.glob(packages)):
        version = os.path.basename(record).removesuffix(".dist-info").removeprefix("conda-")
        try:
            installer = read_text(os.path.join(record, "INSTALLER"), limits.PATH_FILE).strip()
        except Unreadable:
            continue
        return CondaCommand(hit.path, prefix, has_meta, installer or None, version)
    return CondaCommand(hit.path, prefix, has_meta)
