"""A pane of tmux, and a start-up file that replaces its search path, as literal facts."""

from __future__ import annotations

from typing import Any

from envdoctor.facts.shell.expansion import Edit
from envdoctor.facts.shell.startup_files import Shell, StartupFile, StartupFiles, When
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor.facts.terminals.multiplexer import Multiplexer, MultiplexerKind, PaneShell
from envdoctor.facts.terminals.tmux import Held, TmuxServer
from tests.builders import make_answer, make_python, make_search_path

ROOT = "/p/.venv"
SYSTEM = make_answer("python3", "/usr/bin/python3", make_python())
SYSTEM_PATH = make_search_path("/usr/bin", "/bin")
RESET = StartupLine(
    file="/etc/profile",
    number=7,
    text="PATH=/usr/bin:/bin",
    kind=LineKind.PATH,
    name="PATH",
    edit=Edit.ASSIGN,
    directories=("/usr/bin", "/bin"),
)
PROFILE = StartupFiles((StartupFile("/etc/profile", (Shell.BASH, Shell.SH), When.LOGIN),), (RESET,))


def in_pane(**changes: Any) -> Multiplexer:
    """A pane with a login shell that was given all of an activation of `ROOT`."""
    facts: dict[str, Any] = {
        "kind": MultiplexerKind.TMUX,
        "server": 12,
        "shells": (PaneShell("bash", login=True),),
        "virtual_env": ROOT,
        "search_path": (f"{ROOT}/bin", "/usr/bin", "/bin"),
    }
    return Multiplexer(**{**facts, **changes})


def server(**variables: str) -> TmuxServer:
    """A server with these variables in its global environment."""
    held = tuple(Held(name, value) for name, value in variables.items())
    return TmuxServer(socket="/tmp/tmux-1000/default", pid=12, session="0", global_env=held)
