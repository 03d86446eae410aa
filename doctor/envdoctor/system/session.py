"""Which shell session is examined, and how can it be asked anything?

The session is what the user's shell holds: its environment and search path with envdoctor's own launcher taken out,
its working directory, the processes above. It is handed to probes; checks never see it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

import msgspec

from envdoctor.system import child_processes
from envdoctor.system.processes import Process

OWN_CHILDREN = ("HOME", "USER", "LOGNAME", "TMPDIR", "TMUX_TMPDIR", "XDG_RUNTIME_DIR", "SYSTEMROOT", "PYENV_ROOT")
DEFAULT_TIMEOUT = 10.0

Progress = Callable[[str, int, int], None]


def silent(_what: str, _done: int, _total: int) -> None:
    """Nobody watches."""


class Launch(msgspec.Struct, frozen=True):
    """How envdoctor was started.

    Attributes:
        kind: by what: one of `launchers.Launcher`.
        removed: search path elements that the launcher had put there, and that have been taken out.
        note: why the session examined differs from what envdoctor itself was given; None if it does not.
    """

    kind: str = "plain"
    removed: tuple[str, ...] = ()
    note: str | None = None


class Session:
    """The shell session under examination.

    Attributes:
        env: the user's environment. Probes read it by exact names only.
        cwd: the working directory; None if it has been deleted.
        launch: how envdoctor was started, and what that had put into the environment.
        processes: the processes above envdoctor, nearest first.
        python: the interpreter to examine instead of the one that `python` runs, from `--python`.
        timeout: seconds that one question to the machine may take.
        deep: whether to look into every extension module, from `--deep`.
        network: whether the mirrors that are set may be asked, from `--network`.
        progress: told now and then by a probe that takes long what it does, how far it is, and of how much.
    """

    def __init__(
        self,
        env: Mapping[str, str],
        cwd: str | None,
        launch: Launch,
        processes: tuple[Process, ...] = (),
        python: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        *,
        deep: bool = False,
        network: bool = False,
    ) -> None:
        self.env = env
        self.cwd = cwd
        self.launch = launch
        self.processes = processes
        self.python = python
        self.timeout = timeout
        self.deep = deep
        self.network = network
        self.progress: Progress = silent

    @property
    def home(self) -> str | None:
        """The home directory as the shell knows it: `HOME`, else the account's."""
        home = os.path.expanduser(self.env.get("HOME") or "~")
        return home if os.path.isabs(home) else None

    @property
    def search_path(self) -> tuple[str, ...]:
        """The elements of `PATH`, verbatim: an empty one is the working directory."""
        value = self.env.get("PATH")
        return tuple(value.split(os.pathsep)) if value else ()

    def clean_environment(self) -> dict[str, str]:
        """An environment for own children in which no Python, loader or tool variable of the user's is set."""
        inherited = {name: self.env[name] for name in OWN_CHILDREN if name in self.env}
        return {**inherited, "PATH": self._absolute_path(), "LC_ALL": "C.UTF-8"}

    def own_environment(self) -> dict[str, str]:
        """The user's whole environment, for the cases where its effect is the question; relative path elements gone."""
        return {**self.env, "PATH": self._absolute_path()}

    def run(
        self, *argv: str, env: Mapping[str, str] | None = None, cwd: str = "/", timeout: float | None = None
    ) -> child_processes.Completed:
        """Ask a program, in a clean environment unless another is given; bounded in time, output and processes."""
        return child_processes.run(argv, self.clean_environment() if env is None else env, cwd, timeout or self.timeout)

    def _absolute_path(self) -> str:
        return os.pathsep.join(element for element in self.search_path if os.path.isabs(element))


def working_directory(env: Mapping[str, str]) -> str | None:
    """The working directory as the shell names it, links and all: `PWD` where that is right. None if it is deleted."""
    try:
        physical = os.getcwd()
    except OSError:
        return None
    logical = env.get("PWD", "")
    try:
        return logical if os.path.isabs(logical) and os.path.samefile(logical, physical) else physical
    except OSError:
        return physical
