"""Which scripts that a shell of this machine runs have the line ends of Windows?"""

from __future__ import annotations

import enum
import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.environments.scripts import headers
from envdoctor.facts.session.context import Examined
from envdoctor.facts.shell.startup_files import FAMILIES, StartupFiles
from envdoctor.facts.venv.active import ActiveVenv, ProjectVenv
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.session import Session

MOST_FILES = 100


class Script(enum.Enum):
    """The kinds of scripts, by who runs them."""

    PROGRAM = "program of an environment"
    ACTIVATION = "activation script"
    STARTUP = "start-up file"


class WindowsScript(Fact, frozen=True):
    """A script with such line ends.

    Attributes:
        path: the file, as it is reached.
        real: the same with all links resolved.
        kind: who runs it.
        line: the number of the first line at which it fails.
    """

    path: str
    real: str
    kind: Script
    line: int = 1


class WindowsLineEnds(Fact, frozen=True):
    """Those of the active environment and the project's own, and of the files that this shell reads when it starts."""

    scripts: tuple[WindowsScript, ...] = ()

    def of(self, kind: Script) -> tuple[WindowsScript, ...]:
        """Those of one kind."""
        return tuple(script for script in self.scripts if script.kind is kind)


@probe
def probe_windows_line_ends(
    session: Session,
    active: ActiveVenv | None,
    project: ProjectVenv | None,
    startup: StartupFiles | None,
    examined: Examined,
) -> WindowsLineEnds:
    """Look at the first lines of programs, and at the text of scripts that are read."""
    environments = (found.venv for found in (active, project) if found is not None and found.venv is not None)
    places = dict.fromkeys(venv.scripts for venv in environments if not venv.is_for_windows)
    scripts = [script for place in places for script in _in_environment(place)]
    shell = FAMILIES.get(examined.shell or "")
    if startup and shell and session.home:
        read = startup.read_by(shell, login=examined.login or False, interactive=True)
        own = (path for path in dict.fromkeys(read) if path.startswith(f"{session.home.rstrip('/')}/"))
        scripts += [script for path in own for script in _read(path, Script.STARTUP)]
    return WindowsLineEnds(tuple(scripts))


def _in_environment(directory: str) -> Iterator[WindowsScript]:
    ends = [path for path, header in headers(directory) if header.line.endswith("\r")]
    yield from (WindowsScript(path, os.path.realpath(path), Script.PROGRAM) for path in ends[:MOST_FILES])
    for name in ("activate", "activate.fish", "activate.csh"):
        yield from _read(os.path.join(directory, name), Script.ACTIVATION)


def _read(path: str, kind: Script) -> Iterator[WindowsScript]:
    """A script that is read, with the first line that such an end belongs to: in a comment it does no harm."""
    try:
        text = read_text(path)
    except Unreadable:
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.endswith("\r") and not line.lstrip().startswith("#"):
            yield WindowsScript(path, os.path.realpath(path), kind, number)
            return
