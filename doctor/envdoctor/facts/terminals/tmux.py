"""What does the tmux server hold that this session runs in, and what will its next pane be given?

tmux keeps an environment of its own: the *global* one, copied once when the server was started, and one for each
session laid over it. A new pane gets both, but for `PATH`, which comes from the client that asks for the pane while
that client is not attached. All is read by `tmux show-environment`, which neither attaches to a server nor starts one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from envdoctor.engine.fact import (
    Fact,
    Refused,
    TimedOut,
    Unavailable,
    probe,
)
from envdoctor.facts.commands.commands import find
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.system.child_processes import Ending
from envdoctor.system.session import Session

# exactly those whose difference between inside and outside can make a session sick
NAMES = (
    *("PATH", "VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "LD_LIBRARY_PATH", "LD_PRELOAD", "PYTHONPATH", "PYTHONHOME"),
    *("CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_SHLVL", "PYENV_VERSION", "PYENV_VIRTUAL_ENV"),
    *("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_PYTHON_INSTALL_MIRROR", "PIP_INDEX_URL", "HF_ENDPOINT"),
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"),
)
OPTIONS = ("default-command", "default-shell")


class Held(Fact, frozen=True):
    """One variable as the server holds it; the value is None where it is marked as removed."""

    name: str
    value: str | None


class TmuxServer(Fact, frozen=True, kw_only=True):
    """The server of the tmux session that this shell runs in.

    Attributes:
        socket: its socket.
        pid: its process.
        session: the number of the session, without the `$`.
        global_env: the variables of interest in its global environment.
        session_env: those of this session, which lie over the global ones.
        default_command: what it starts in a new pane; empty for `default_shell` as a login shell.
        default_shell: the shell of new panes.
        update_environment: the variables that it takes again from each client that attaches or makes a session.
    """

    socket: str
    pid: int | None
    session: str
    global_env: tuple[Held, ...] = ()
    session_env: tuple[Held, ...] = ()
    default_command: str = ""
    default_shell: str = ""
    update_environment: tuple[str, ...] = ()

    @property
    def starts_login_shells(self) -> bool:
        """Whether new panes get a login shell, which reads the system's profile first."""
        return not self.default_command

    def globally(self, name: str) -> str | None:
        """A variable of the global environment; None if it does not hold it."""
        return next((held.value for held in self.global_env if held.name == name), None)

    def given(self, name: str) -> str | None:
        """What a new pane of this session gets for a variable other than `PATH`; None if nothing."""
        overlay = [held for held in self.session_env if held.name == name]
        return overlay[0].value if overlay else self.globally(name)


@probe(where_set=("TMUX",), otherwise="not in tmux: TMUX is not set")
def probe_tmux_server(session: Session, search_path: SearchPath) -> TmuxServer:
    """Ask the server that `TMUX` names. A variable left over from a dead server or another machine names none."""
    socket, pid, number = split(session.env["TMUX"])
    if not is_alive(socket):
        raise Unavailable(f"the tmux server that TMUX names no longer answers at {socket}")
    tmux = next(find("tmux", search_path, None), None)
    if tmux is None:
        raise Unavailable("in tmux, but there is no tmux on the search path")

    if refusal := session.refusal(tmux.path):
        raise Refused(str(refusal))

    def ask(*words: str) -> str:
        done = session.run(tmux.path, "-S", socket, *words)
        if done.ending is not Ending.EXITED:
            raise TimedOut(f"tmux at {socket} {done.ending.value}")
        return done.stdout if done.ok else ""

    options = {name: ask("show-options", "-gv", name).strip() for name in OPTIONS}
    return TmuxServer(
        socket=socket,
        pid=pid,
        session=number,
        global_env=tuple(held(ask("show-environment", "-g"))),
        session_env=tuple(held(ask("show-environment", "-t", f"${number}"))),
        default_command=options["default-command"],
        default_shell=options["default-shell"],
        update_environment=tuple(ask("show-options", "-gv", "update-environment").split()),
    )


def split(value: str) -> tuple[str, int | None, str]:
    """Socket, process and session of `TMUX`. The path of the socket may hold commas, so it is read from the right."""
    socket, _, rest = value.rpartition(",")
    socket, _, pid = socket.rpartition(",")
    return socket, int(pid) if re.fullmatch(r"[0-9]{1,9}", pid) else None, rest


def held(listing: str) -> Iterator[Held]:
    """The variables of interest in what `show-environment` prints: `NAME=value`, or `-NAME` for a removed one."""
    for text in listing.splitlines():
        name, equals, value = text.partition("=")
        if equals and name in NAMES:
            yield Held(name, value)
        elif not equals and text.removeprefix("-") in NAMES and text.startswith("-"):
            yield Held(text[1:], None)


def is_alive(path: str) -> bool:
    """Whether somebody listens at a socket."""
    import socket

    if not os.path.exists(path):
        return False
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        try:
            connection.connect(path)
        except OSError:
            return False
    return True
