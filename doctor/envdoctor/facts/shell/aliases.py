"""Which aliases and functions for `python`, `pip` and the like has the calling shell read from its start-up files?

What a shell holds cannot be seen by a program that it starts, so this is told from the files that it reads.
"""

from __future__ import annotations

import os
import re
import shlex

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.commands.resolve import is_executable
from envdoctor.facts.session.context import Examined
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.facts.shell.parser import Place
from envdoctor.facts.shell.removable_lines import whole_line
from envdoctor.facts.shell.startup_files import FAMILIES, Shell, StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor.system.session import Session
from envdoctor.text.patterns import pattern

NAMES = ("python", "python3", "pip", "pip3", "deactivate")
ASSIGNMENT = pattern(r"[A-Za-z_][A-Za-z0-9_]*=")


class CommandAlias(Fact, frozen=True):
    """A name that the shell takes before it looks at the search path.

    Attributes:
        line: where it is defined.
        target: the first word of what it stands for; None for a function.
        runs: the file that this word means now: an absolute path, or what the search path has; None if there is none.
        whole_line: the line, verbatim, if it can be taken out by its text; None otherwise.
    """

    line: StartupLine
    target: str | None
    runs: str | None
    whole_line: str | None = None

    @property
    def is_fixed(self) -> bool:
        """Whether it names one file for all environments."""
        return self.target is not None and self.target.startswith("/")


class CommandAliases(Fact, frozen=True):
    """The aliases and functions of the calling shell, as far as they follow from its start-up files."""

    shell: str
    found: tuple[CommandAlias, ...] = ()


@probe
def probe_command_aliases(
    session: Session, examined: Examined, startup: StartupFiles, search_path: SearchPath
) -> CommandAliases:
    """Take those definitions that are in force at the end: a later one of the same name replaces an earlier one.

    What an environment's own `activate` defines is part of the activation, and meant.
    """
    family = FAMILIES.get(examined.shell or "")
    if family in (None, Shell.SH):
        raise Unavailable("the calling shell has no aliases that are known here")
    files = startup.read_by(family, login=bool(examined.login), interactive=True)
    lines = [line for file in files if not activates(file) for line in startup.lines if line.file == file]
    last: dict[str, StartupLine] = {}
    for line in lines:
        if line.kind in (LineKind.ALIAS, LineKind.FUNCTION) and line.name in NAMES and line.place is not Place.FUNCTION:
            last[line.name] = line
    found = (_alias(line, session, search_path) for line in last.values())
    return CommandAliases(family.value, tuple(found))


def activates(file: str) -> bool:
    """Whether a file is the script of an environment that activates it: `bin/activate` beside its `python`."""
    directory, name = os.path.split(file)
    return name.partition(".")[0] == "activate" and os.path.lexists(os.path.join(directory, "python"))


def _alias(line: StartupLine, session: Session, search_path: SearchPath) -> CommandAlias:
    target = first_word(line.value or "") if line.kind is LineKind.ALIAS else None
    if target and session.home:
        target = re.sub(r"^(?:~|\$HOME|\$\{HOME\})(?=/)", session.home, target)
    runs = None
    if target:
        places = [target] if os.path.isabs(target) else [os.path.join(d, target) for d in search_path.absolute]
        runs = next(filter(is_executable, places), None)
    return CommandAlias(line, target, runs, whole_line(line))


def first_word(command: str) -> str | None:
    """The program that a command starts, past the variables that are set for it; None if that cannot be told."""
    try:
        words = shlex.split(command)
    except ValueError:
        return None
    return next((word for word in words if not ASSIGNMENT.match(word)), None)
