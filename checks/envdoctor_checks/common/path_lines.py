"""Which line of a start-up file made the search path what it is? There is no check in this module."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import normpath

from envdoctor.facts.python.active import Answer
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.facts.shell.expansion import Edit
from envdoctor.facts.shell.parser import Place
from envdoctor.facts.shell.startup_files import FAMILIES, StartupFiles, is_list
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine


def lines_read(
    startup: StartupFiles, shell: str | None, *, login: bool, interactive: bool = True
) -> Iterator[StartupLine]:
    """What a shell has run at its start, file by file; nothing for a shell that is not known here."""
    if family := FAMILIES.get(shell or ""):
        for path in startup.read_by(family, login=login, interactive=interactive):
            # /etc/environment and its kin are read by the login itself, long before any shell
            if not is_list(path):
                yield from (line for line in startup.lines if line.file == path)


def forgets(line: StartupLine) -> bool:
    """Whether a line replaces the search path, whatever it was."""
    return line.kind is LineKind.PATH and line.edit is Edit.ASSIGN and line.place is not Place.FUNCTION


def assignment(lines: tuple[StartupLine, ...], search_path: SearchPath) -> StartupLine | None:
    """The line that forgot the old search path: the last one of which all elements are there now."""
    on_path = {normpath(entry.text) for entry in search_path.entries if entry.text}
    fitting = [line for line in lines if forgets(line) and on_path.issuperset(map(normpath, line.directories))]
    return next(reversed(fitting), None)


def intruders(lines: tuple[StartupLine, ...], directory: str, answer: Answer) -> tuple[StartupLine, ...]:
    """The lines that put a directory before what was there, in their order; of conditional ones only the last."""
    manager = answer.hit.manager.value if answer.hit and answer.hit.manager else None
    found = [line for line in lines if line.place is not Place.FUNCTION and _puts_first(line, directory, manager)]
    return tuple(line for line in found if line.place is Place.TOP or line is found[-1])


def _puts_first(line: StartupLine, directory: str, manager: str | None) -> bool:
    match line.kind:
        case LineKind.PATH:
            return line.edit is not Edit.APPEND and normpath(directory) in map(normpath, line.directories)
        case LineKind.INIT:
            return line.name == manager
        case LineKind.BLOCK:
            return line.value is not None and directory.startswith(f"{line.value.rstrip('/')}/")
        case _:
            return False
