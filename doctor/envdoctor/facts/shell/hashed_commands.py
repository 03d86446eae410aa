"""What may the calling shell still remember that is no longer so?

bash, zsh, dash and ksh remember where they found a command, and do not notice a new one that comes earlier on the
search path. No child can see what they remember. What can be seen is a command that came into the active environment
after the shell was started, and after the environment was finished; to activate an environment makes the shell forget.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.commands.commands import TRACKED, Commands
from envdoctor.facts.session.context import Examined
from envdoctor.facts.venv.active import ActiveVenv
from envdoctor.facts.venv.layout import Tool, Venv

REMEMBERING = ("ash", "bash", "dash", "ksh", "mksh", "sh", "zsh")


class NewCommand(Fact, frozen=True):
    """A command that came into the active environment while the shell was running.

    Attributes:
        name: the command.
        path: the file in the environment.
        before: the file that answered until then.
    """

    name: str
    path: str
    before: str


class CommandCache(Fact, frozen=True):
    """The commands of which the shell may remember another file.

    Attributes:
        shell: the calling shell, `bash`.
        commands: those that have changed under it.
    """

    shell: str
    commands: tuple[NewCommand, ...] = ()


@probe
def probe_command_cache(examined: Examined, commands: Commands, active: ActiveVenv) -> CommandCache:
    """Compare the age of the environment's commands with that of the shell."""
    if examined.shell not in REMEMBERING or examined.interactive is False:
        raise Unavailable("the calling shell remembers no commands")
    if examined.shell_started is None or active.venv is None or active.venv.activate is None:
        raise Unavailable("the age of the shell or of the environment is not known")
    found = _changed(active.venv, active.venv.activate, examined.shell_started, commands)
    return CommandCache(examined.shell, tuple(found))


def _changed(venv: Venv, activate: str, started: float, commands: Commands) -> Iterator[NewCommand]:
    finished = _modified(activate)
    for name in TRACKED:
        if name in ("pip", "pip3") and _came_with_pip(venv):
            continue  # to activate it made the shell forget the other pip; that this one is newer is an upgrade
        hits = [hit for hit in commands.all(name) if not hit.same_as]
        is_own = len(hits) > 1 and os.path.realpath(hits[0].directory) == os.path.realpath(venv.scripts)
        # `activate` is written last, so that nothing which came with the environment is newer
        if is_own and _modified(hits[0].path) > max(started, finished):
            yield NewCommand(name, hits[0].path, hits[1].path)


def _came_with_pip(venv: Venv) -> bool:
    """Whether an environment had a pip from the start, as all have but those of uv, unless told otherwise."""
    if venv.tool is Tool.UV:
        return venv.value("seed") == "true"
    return "--without-pip" not in (venv.value("command") or "")


def _modified(path: str) -> float:
    try:
        return os.lstat(path).st_mtime
    except OSError:
        return 0.0
