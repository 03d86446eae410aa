"""Which tools has the user installed with uv and pipx, and which launchers have lost what they ran on?"""

from __future__ import annotations

import enum
import os
from collections.abc import Iterator

import msgspec

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.commands.resolve import PYTHON, is_executable
from envdoctor.facts.commands.shebang import HEAD_SIZE, Means, parse
from envdoctor.facts.session import user_dirs
from envdoctor.facts.uv import tool_receipts
from envdoctor.facts.venv.layout import LinkState, examine
from envdoctor.facts.venv.pyvenv_cfg import NAME as CONFIG
from envdoctor.facts.venv.soundness import drift, lost_base
from envdoctor.system.files import Unreadable, read_head
from envdoctor.system.session import Session
from envdoctor.system.toml import read_toml

MOST_TOOLS = 500
MOST_LAUNCHERS = 3000


class ToolManager(enum.Enum):
    """Who made a tool's environment."""

    UV = "uv tool"
    PIPX = "pipx tool"


class ToolEnvironment(Fact, frozen=True):
    """The environment of one tool.

    Attributes:
        name: the tool, as its manager calls it.
        manager: who made the environment.
        root: its directory.
        lost: the interpreter, or the link to it, that does not exist; None if there is one.
        made_for: the minor version that its packages are for, if its interpreter is another one now.
        runs: that other version.
        base: the directory of the interpreter that it was made from, by its `pyvenv.cfg`.
        requirements: what uv was asked to install, as it would be asked again: the tool itself, then `--with …`.
        launchers: the commands in the user's bin directory that its interpreter runs. A program that needs no Python
            is not among them: it runs whatever became of that.
        on_path: whether one of these is on the search path.
    """

    name: str
    manager: ToolManager
    root: str
    lost: str | None = None
    made_for: str | None = None
    runs: str | None = None
    base: str | None = None
    requirements: tuple[str, ...] = ()
    launchers: tuple[str, ...] = ()
    on_path: bool = False


class Launcher(Fact, frozen=True):
    """A command in the user's bin directory that cannot run.

    Attributes:
        path: the file.
        lost: the interpreter or target that does not exist.
        evidence: its first line, or the target of the link.
        tool: the tool in whose environment it led, which is gone; None for any other command.
        manager: whose tool that was.
        on_path: whether its directory is on the search path.
    """

    path: str
    lost: str
    evidence: str
    tool: str | None = None
    manager: ToolManager | None = None
    on_path: bool = False


class ToolEnvironments(Fact, frozen=True):
    """The user's tools.

    Attributes:
        environments: every environment, uv's first, sorted by name.
        launchers: commands that cannot run, and belong to none of these.
        skipped: what could not be read, as `path: reason`.
    """

    environments: tuple[ToolEnvironment, ...] = ()
    launchers: tuple[Launcher, ...] = ()
    skipped: tuple[str, ...] = ()


class Homes(Fact, frozen=True):
    """The directories of tool environments, with links resolved where they exist."""

    uv: str | None
    pipx: str | None

    def tool_of(self, path: str) -> tuple[ToolManager, str] | None:
        """Whose environment a path lies in, and the tool's name, by the spelling of the path."""
        for manager, home in ((ToolManager.UV, self.uv), (ToolManager.PIPX, self.pipx)):
            for spelling in {home, os.path.realpath(home)} if home else ():
                if path.startswith(f"{spelling}/"):
                    return manager, path[len(spelling) + 1 :].partition("/")[0]
        return None


class Command(msgspec.Struct, frozen=True):
    """A command in a bin directory: what it leads to, and the interpreter that runs it if a Python does."""

    path: str
    target: str
    interpreter: str | None


@probe
def probe_tool_environments(session: Session) -> ToolEnvironments:
    """Look into uv's and pipx's directories and the user's bin directories, without running either."""
    homes = Homes(user_dirs.uv_tools(session), user_dirs.below(user_dirs.pipx_home(session), "venvs"))
    skipped: list[str] = []
    commands = tuple(filter(None, map(_command, _files(session, skipped))))
    environments = []
    for manager, home in ((ToolManager.UV, homes.uv), (ToolManager.PIPX, homes.pipx)):
        for name in _names(home, skipped):
            run = [c.path for c in commands if c.interpreter and homes.tool_of(c.interpreter) == (manager, name)]
            environments.append(_environment(session, manager, f"{home}/{name}", tuple(run), skipped))
    known = {(environment.manager, environment.name) for environment in environments}
    launchers = tuple(
        launcher
        for command in commands
        if (launcher := _lost(session, command, homes)) and (launcher.manager, launcher.tool) not in known
    )
    if not environments and not launchers and not skipped:
        raise Unavailable("no tools of uv or pipx here")
    return ToolEnvironments(tuple(environments), launchers, tuple(skipped))


def _environment(
    session: Session, manager: ToolManager, root: str, launchers: tuple[str, ...], skipped: list[str]
) -> ToolEnvironment:
    venv = examine(root)
    if venv.config_problem:
        skipped.append(f"{venv.config}: {venv.config_problem}")
    made_for, runs = drift(venv) or (None, None)
    return ToolEnvironment(
        os.path.basename(root),
        manager,
        root,
        venv.python if venv.python_state is LinkState.MISSING else lost_base(venv),
        made_for,
        runs,
        venv.home,
        _requirements(root, skipped) if manager is ToolManager.UV else (),
        launchers,
        any(_is_on_path(session, launcher) for launcher in launchers),
    )


def _requirements(root: str, skipped: list[str]) -> tuple[str, ...]:
    try:
        return tool_receipts.requested(read_toml(f"{root}/{tool_receipts.NAME}").table)
    except Unreadable as error:
        skipped.append(str(error))
        return ()


def _names(home: str | None, skipped: list[str]) -> Iterator[str]:
    """The tools in a directory of environments: not uv's lock files, nor what is no environment."""
    try:
        names = sorted(os.listdir(home)) if home else []
    except FileNotFoundError:
        return
    except OSError as error:
        skipped.append(f"{home}: {error.strerror}")
        return
    if len(names) > MOST_TOOLS:
        skipped.append(f"{home}: only the first {MOST_TOOLS} of {len(names)} entries were looked at")
    for name in names[:MOST_TOOLS]:
        if not name.startswith(".") and os.path.lexists(f"{home}/{name}/{CONFIG}"):
            yield name


def _files(session: Session, skipped: list[str]) -> Iterator[str]:
    """Every file in the user's bin directories."""
    directories = (user_dirs.uv_bin(session), user_dirs.pipx_bin(session), user_dirs.below(session.home, ".local/bin"))
    for directory in dict.fromkeys(os.path.realpath(directory) for directory in directories if directory):
        try:
            names = sorted(os.listdir(directory))
        except FileNotFoundError:
            continue
        except OSError as error:
            skipped.append(f"{directory}: {error.strerror}")
            continue
        if len(names) > MOST_LAUNCHERS:
            skipped.append(f"{directory}: only the first {MOST_LAUNCHERS} of {len(names)} files were looked at")
        yield from (f"{directory}/{name}" for name in names[:MOST_LAUNCHERS])


def _command(path: str) -> Command | None:
    """What a file in a bin directory leads to; None if it is no command that Python has to do with."""
    target = path
    if os.path.islink(path):
        target = os.path.normpath(os.path.join(os.path.dirname(path), os.readlink(path)))
        if not os.path.exists(target):
            return Command(path, target, None)
    if not is_executable(target):
        return None  # the shell passes it by
    try:
        header = parse(read_head(target, HEAD_SIZE))
    except Unreadable:
        return None
    if header is None or header.means is not Means.ABSOLUTE:
        return None
    interpreter = os.path.normpath(header.interpreter)
    return Command(path, target, interpreter) if PYTHON.fullmatch(os.path.basename(interpreter)) else None


def _lost(session: Session, command: Command, homes: Homes) -> Launcher | None:
    """The command as one that cannot run, if the Python, or the tool, that it leads to does not exist."""
    led = command.interpreter or command.target
    manager, tool = homes.tool_of(led) or (None, None)
    if os.path.exists(led) or (command.interpreter is None and tool is None):
        return None  # a link to something else that is gone is not Python's affair
    evidence = _first_line(command.target) if command.interpreter else f"a link to {command.target}"
    return Launcher(command.path, os.path.realpath(led), evidence, tool, manager, _is_on_path(session, command.path))


def _first_line(path: str) -> str:
    return read_head(path, HEAD_SIZE).partition(b"\n")[0].decode("utf-8", "replace")


def _is_on_path(session: Session, path: str) -> bool:
    directory = os.path.dirname(path)
    return any(os.path.isabs(element) and os.path.realpath(element) == directory for element in session.search_path)
