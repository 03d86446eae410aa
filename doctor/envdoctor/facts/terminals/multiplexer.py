"""In which terminal multiplexer does this session run, and with what did it start the pane?

The variables `TMUX`, `STY` and `ZELLIJ` are inherited by everything, outlive their server, and travel into containers.
The processes above tell for certain: a pane's shell is a child of its server, and the nearest server is the innermost.
"""

from __future__ import annotations

import enum
import os
from collections.abc import Mapping, Sequence

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.terminals.tmux import TmuxServer
from envdoctor.system import calling_shell, processes
from envdoctor.system.processes import Process
from envdoctor.system.session import Session


class MultiplexerKind(enum.Enum):
    """The multiplexers that are known."""

    TMUX = "tmux"
    SCREEN = "screen"
    ZELLIJ = "zellij"


class PaneShell(Fact, frozen=True):
    """A shell between the multiplexer and envdoctor, and which start-up files it reads by what it is."""

    name: str
    login: bool = False
    interactive: bool = True


class Multiplexer(Fact, frozen=True, kw_only=True):
    """The innermost multiplexer of this session, and what it gave to the pane.

    Attributes:
        kind: which one.
        server: the process of its server.
        shells: the shells in the pane, the outermost first.
        virtual_env: the `VIRTUAL_ENV` that the pane was started with; None if it had none.
        search_path: the search path that the pane was started with; None where the system does not tell.
    """

    kind: MultiplexerKind
    server: int
    shells: tuple[PaneShell, ...] = ()
    virtual_env: str | None = None
    search_path: tuple[str, ...] | None = None

    @property
    def name(self) -> str:
        """Its name, as a sentence has it."""
        return self.kind.value

    @property
    def login(self) -> bool:
        """Whether it started the pane with a login shell that a person types into."""
        return any(shell.login and shell.interactive for shell in self.shells[:1])

    def gave(self, directory: str) -> bool | None:
        """Whether this directory was on the search path of the pane at its start; None if that is not known."""
        if self.search_path is None:
            return None
        return os.path.normpath(directory) in map(os.path.normpath, filter(None, self.search_path))


@probe
def probe_multiplexer(session: Session, tmux: TmuxServer | None) -> Multiplexer:
    """Find the nearest server among the processes above, and read what the process just below it was started with."""
    place, kind = nearest(session.processes)
    below = session.processes[:place]
    given: Mapping[str, str] | None = processes.environment(below[-1].pid) if below else session.env
    if given is None:  # the system keeps it to itself; then the server says what it gives now
        value = tmux.given("VIRTUAL_ENV") if tmux and kind is MultiplexerKind.TMUX else None
        given = {"VIRTUAL_ENV": value} if value else {}
    return Multiplexer(
        kind=kind,
        server=session.processes[place].pid,
        shells=shells_of(below),
        virtual_env=given.get("VIRTUAL_ENV") or None,
        search_path=tuple(given["PATH"].split(os.pathsep)) if "PATH" in given else None,
    )


def nearest(above: Sequence[Process]) -> tuple[int, MultiplexerKind]:
    """The place of the nearest server among these processes, nearest first, and what it is. Raises Unavailable."""
    for place, process in enumerate(above):
        for kind in MultiplexerKind:
            if process.name.lower().startswith(kind.value):
                return place, kind
    raise Unavailable("not in tmux, screen or zellij: no server is among the processes above")


def shells_of(below: Sequence[Process]) -> tuple[PaneShell, ...]:
    """The shells among these processes, which are nearest first; turned round."""
    found = (calling_shell.find((process,)) for process in reversed(below))
    return tuple(PaneShell(shell.name, shell.login, bool(shell.interactive)) for shell in found if shell)
