"""Which shell session is examined, and how can it be asked anything?

The session is what the user's shell holds: its environment and search path with envdoctor's own launcher taken out,
its working directory, the processes above. It is handed to probes; checks never see it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cached_property

import msgspec

from envdoctor.system import child_processes
from envdoctor.system.code_variables import confined
from envdoctor.system.processes import Process
from envdoctor.system.silent_mounts import Unanswered
from envdoctor.system.trust import Refusal, Trust, trust_of

# no tool's list: what programs need to find the home, their sockets and pyenv's versions, and no setting of theirs
OWN_CHILDREN = ("HOME", "USER", "LOGNAME", "TMPDIR", "TMUX_TMPDIR", "XDG_RUNTIME_DIR", "SYSTEMROOT", "PYENV_ROOT")
DEFAULT_TIMEOUT = 10.0
WITHHELD = "it leads to the working directory, or to where others may write"

Progress = Callable[[str, int, int], None]


def silent(_what: str, _done: int, _total: int) -> None:
    """Nobody watches."""


class Launch(msgspec.Struct, frozen=True):
    """How envdoctor was started.

    Attributes:
        kind: by what: one of `launchers.Launcher`.
        removed: search path elements that the launcher had put there, and that have been taken out.
        note: why the session examined differs from what envdoctor itself was given; None if it does not.
        unread: what had to be read to know the session, and could not be; None if nothing.
    """

    kind: str = "plain"
    removed: tuple[str, ...] = ()
    note: str | None = None
    unread: str | None = None


# What `conda env config vars unset` leaves as a value in a shell where the environment is active.
UNSET_MARK = "***unset***"


class Session:
    """The shell session under examination.

    Attributes:
        env: the user's environment. Probes read it by exact names only.
        unset_marks: the variables that hold conda's mark for "unset" as their value; to everything here they are unset.
        cwd: the working directory; None if it has been deleted.
        launch: how envdoctor was started, and what that had put into the environment.
        processes: the processes above envdoctor, nearest first.
        python: the interpreter to examine instead of the one that `python` runs, from `--python`.
        timeout: seconds that one question to the machine may take.
        deep: whether to look into every extension module, from `--deep`.
        network: whether the mirrors that are set may be asked, from `--network`.
        lifted: whether programs of other users may be run too, from `--trust`.
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
        self.unset_marks = tuple(sorted(name for name, value in env.items() if value == UNSET_MARK))
        self.env = {name: env[name] for name in env if name not in self.unset_marks} if self.unset_marks else env
        self.cwd = cwd
        self.launch = launch
        self.processes = processes
        self.python = python
        self.timeout = timeout
        self.deep = deep
        self.network = network
        self.lifted = False
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

    @cached_property
    def trust(self) -> Trust:
        """What may be executed."""
        return trust_of(self.env, self.python, lifted=self.lifted)

    def refusal(self, program: str, reached_by: str | None = None) -> Refusal | None:
        """Why a program is not executed; None if it may be. `reached_by` is the script or shim that leads to it."""
        return self.trust.refusal(program, reached_by)

    def clean_environment(self) -> dict[str, str]:
        """An environment for own children in which no Python, loader or tool variable of the user's is set."""
        inherited = {name: self.env[name] for name in OWN_CHILDREN if name in self.env}
        return confined({**inherited, "PATH": self.env.get("PATH", ""), "LC_ALL": "C.UTF-8"}, self.trust.may_search)

    def own_environment(self) -> dict[str, str]:
        """The user's whole environment, for the cases where its effect is the question.

        It leads to no code that depends on the working directory, or that others may write: see `withholds`.
        """
        return confined(self.env, self.trust.may_search)

    def withholds(self, *names: str) -> tuple[str, ...]:
        """Those of these variables that `own_environment` does not hold as the session does."""
        own = self.own_environment()
        return tuple(name for name in names if self.env.get(name) and own.get(name) != self.env[name])

    def cannot_show(self, *names: str) -> str | None:
        """Why no program is started with these variables as the session has them; None if one may be."""
        if not (withheld := self.withholds(*names)):
            return None
        return f"nothing is started with this {' and '.join(withheld)}: {WITHHELD}"

    def run(
        self,
        program: str,
        *arguments: str,
        reached_by: str | None = None,
        env: Mapping[str, str] | None = None,
        cwd: str = "/",
        timeout: float | None = None,
    ) -> child_processes.Completed:
        """Ask a program, in a clean environment unless another is given; bounded in time, output and processes.

        What may not be executed is not: see `refusal`.
        """
        argv = (program, *arguments)
        if refusal := self.refusal(program, reached_by):
            return child_processes.Completed(argv, child_processes.Ending.REFUSED, stderr=refusal.reason)
        return child_processes.run(argv, self.clean_environment() if env is None else env, cwd, timeout or self.timeout)


def working_directory(env: Mapping[str, str]) -> str | None:
    """The working directory as the shell names it, links and all: `PWD` where that is right. None if it is deleted."""
    try:
        physical = os.getcwd()
    except OSError:
        return None
    logical = env.get("PWD", "")
    try:
        return logical if os.path.isabs(logical) and os.path.samefile(logical, physical) else physical
    except (OSError, Unanswered):
        return physical
