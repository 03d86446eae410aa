"""Which variables of libraries, proxies and mirrors does tmux hold with another value than the terminal outside?"""

from __future__ import annotations

from envdoctor.engine.fact import Fact, Refused, Unavailable, probe
from envdoctor.facts.commands.commands import find
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.facts.terminals.tmux import NAMES, TmuxServer
from envdoctor.system import processes
from envdoctor.system.session import Session

MANAGERS = {"DIRENV_DIR": "direnv", "LOADEDMODULES": "environment modules"}
ACTIVATION = ("PATH", "VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "PYTHONPATH", "PYTHONHOME")


class Difference(Fact, frozen=True):
    """A variable that is not the same everywhere; None is not set.

    Attributes:
        name: the variable.
        given: what the server gives to new panes.
        here: what this shell has.
        outside: what the terminal has from which somebody is attached.
    """

    name: str
    given: str | None
    here: str | None
    outside: str | None


class TmuxDifferences(Fact, frozen=True):
    """The variables whose values differ between the tmux server, this shell and the terminal outside.

    Attributes:
        variables: each of them.
        client: the process that is attached to this session, by which the terminal outside is known; None if nobody
            is attached, or the system does not tell. `outside` says nothing then.
        set_by: what sets variables for this shell or the terminal outside alone: direnv, environment modules; None if
            nothing does.
        environments: the conda environments that are active in the server, here or outside. Each may bring paths.
    """

    variables: tuple[Difference, ...] = ()
    client: int | None = None
    set_by: str | None = None
    environments: tuple[str, ...] = ()


@probe
def probe_tmux_differences(session: Session, tmux: TmuxServer, search_path: SearchPath) -> TmuxDifferences:
    """Compare the server's variables with those of this shell and of the client that was active last."""
    program = next(find("tmux", search_path, None), None)
    if program is None:
        raise Unavailable("there is no tmux on the search path")
    if refusal := session.refusal(program.path):
        raise Refused(str(refusal))
    listing = ("list-clients", "-t", f"${tmux.session}", "-F", "#{client_activity} #{client_pid}")
    lines = session.run(program.path, "-S", tmux.socket, *listing).stdout.splitlines()
    client = last_active(lines)
    seen = processes.environment(client) if client else None
    outside = seen or {}
    prefixes = (tmux.given("CONDA_PREFIX"), session.env.get("CONDA_PREFIX"), outside.get("CONDA_PREFIX"))
    compared = (
        Difference(name, tmux.given(name), session.env.get(name), outside.get(name))
        for name in NAMES
        if name not in ACTIVATION and not name.startswith(("CONDA_", "PYENV_"))
    )
    return TmuxDifferences(
        tuple(one for one in compared if one.given != one.here or (seen is not None and one.given != one.outside)),
        client if seen is not None else None,
        next((manager for name, manager in MANAGERS.items() if session.env.get(name) or outside.get(name)), None),
        tuple(dict.fromkeys(prefix for prefix in prefixes if prefix)),
    )


def last_active(lines: list[str]) -> int | None:
    """The process of the client that was active last, from lines of time and process."""
    clients = [words for words in map(str.split, lines) if len(words) == 2 and all(map(str.isdecimal, words))]
    return max(((int(time), int(pid)) for time, pid in clients), default=(0, None))[1]
