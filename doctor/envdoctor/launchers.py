"""How was envdoctor started, and what did its launcher put into the environment that is not the user's?

The patient is the shell session in which `envdoctor` was typed, `uvx` and its like before it or not. Those put
directories of their own on the search path, and some set variables; here that is recognised and taken out again.
"""

from __future__ import annotations

import enum
import os
import sys
from collections.abc import Callable, Mapping, Sequence

import msgspec

from envdoctor.system import processes
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.own_loader import given
from envdoctor.system.processes import Process
from envdoctor.system.session import DEFAULT_TIMEOUT, Launch, Session, working_directory
from envdoctor.system.silent_mounts import Unanswered
from envdoctor.text.patterns import pattern

# programs that only start another one, and that leave the environment as it is
WRAPPERS = frozenset({"env", "timeout", "time", "nice", "ionice", "chrt", "taskset", "stdbuf", "nohup", "setsid"})
UV_CACHE = pattern(r"/(archive|builds|environments)-v\d+/[^/]+$")
# what `pipx run` sets, whatever the user had there
PIPX_SETS = (("PIP_USER", "0"), ("PIP_DISABLE_PIP_VERSION_CHECK", "1"), ("PIP_KEYRING_PROVIDER", "subprocess"))
UV_RECEIPT = "uv-receipt.toml"
PIPX_METADATA = "pipx_metadata.json"
EXTENDS = "extends-environment"
# what pre-commit changes for a hook that is written in Python (pre_commit/languages/python.py, get_env_patch)
HOOK = "PRE_COMMIT"
CHANGED_FOR_HOOKS = ("VIRTUAL_ENV", "PATH", "PYTHONHOME")


class Launcher(enum.StrEnum):
    """What started envdoctor. `PLAIN` is everything that leaves the environment as the user has it."""

    PLAIN = "plain"
    UV_RUN = "uv run"
    UV_RUN_WITH = "uv run --with"
    UV_RUN_SCRIPT = "uv run script"
    UVX = "uvx"
    UV_TOOL = "uv tool"
    PIPX = "pipx"
    PIPX_RUN = "pipx run"
    PYENV_SHIM = "pyenv shim"
    PRE_COMMIT = "pre-commit"


UV = (Launcher.UV_RUN, Launcher.UV_RUN_WITH, Launcher.UV_RUN_SCRIPT, Launcher.UVX)
SPOKEN = {Launcher.PYENV_SHIM: "a pyenv shim"}


class Start(msgspec.Struct, frozen=True):
    """All that this process can tell about how it was started.

    Attributes:
        env: the environment it was given.
        prefix: the environment it runs in, `sys.prefix`.
        files: those of the files `UV_RECEIPT` and `PIPX_METADATA` that are in there.
        extends: the virtual environment that `prefix` is only a layer over, as uv makes them; None if it is none.
        parent: the process that started it; None if that cannot be known.
        parent_env: the environment that the parent was started with; None if that cannot be known.
        pyenv_selects: the versions, joined by `:`, that pyenv would select if only its files counted; None if that
            cannot be known.
        outside: in a hook, the environment that pre-commit itself was started with; None if that cannot be known.
    """

    env: Mapping[str, str]
    prefix: str
    files: tuple[str, ...] = ()
    extends: str | None = None
    parent: Process | None = None
    parent_env: Mapping[str, str] | None = None
    pyenv_selects: str | None = None
    outside: Mapping[str, str] | None = None

    @property
    def path(self) -> tuple[str, ...]:
        """The search path it was given."""
        return _split(self.env)

    @property
    def by_uv(self) -> bool:
        """Whether uv itself started it. `UV` alone would only say that some process above was started by uv."""
        return self.parent is not None and self.parent.name in ("uv", "uvx")

    @property
    def uv_command(self) -> str | None:
        """The command of the uv that started it: `run` or `tool`; None if uv did not."""
        argv = self.parent.argv[1:] if self.parent and self.by_uv else ()
        return next((argument for argument in argv if argument in ("run", "tool")), None)

    @property
    def bucket(self) -> str | None:
        """The part of uv's cache that `prefix` is in: `archive`, `builds`, `environments`."""
        found = UV_CACHE.search(self.prefix)
        return found[1] if found else None

    def has(self, file: str) -> bool:
        """Whether there is such a file in the environment it runs in."""
        return file in self.files


def this_session(python: str | None = None, timeout: float = DEFAULT_TIMEOUT) -> Session:
    """The session in which the running command was typed."""
    above = processes.above()
    env, how = user_environment(look(above))
    return Session(env, working_directory(env), how, above, python, timeout)


def look(above: Sequence[Process]) -> Start:
    """What this process can tell about its own start. `above` are the processes above it, nearest first."""
    parent = next((process for process in above if process.name not in WRAPPERS), None)
    return Start(
        env=given(os.environ),
        prefix=sys.prefix,
        files=tuple(name for name in (UV_RECEIPT, PIPX_METADATA) if os.path.exists(f"{sys.prefix}/{name}")),
        extends=_extended(sys.prefix),
        parent=parent,
        parent_env=processes.environment(parent.pid) if parent else None,
        pyenv_selects=_pyenv_selects() if "PYENV_DIR" in os.environ else None,
        outside=_outside_of_hooks(above) if HOOK in os.environ else None,
    )


def _outside_of_hooks(above: Sequence[Process]) -> dict[str, str] | None:
    """The environment of the nearest process above that is not part of a hook, which is pre-commit."""
    for process in above:
        env = processes.environment(process.pid)
        if not env or HOOK not in env:
            return env or None
    return None


def _extended(prefix: str) -> str | None:
    """The virtual environment that `pyvenv.cfg` says this one extends, unless that is but another layer of uv's."""
    try:
        lines = read_text(f"{prefix}/pyvenv.cfg").splitlines()
    except Unreadable:
        return None
    values = [value.strip() for name, _, value in (line.partition("=") for line in lines) if name.strip() == EXTENDS]
    is_real = values and UV_CACHE.search(values[0]) is None and os.path.exists(f"{values[0]}/pyvenv.cfg")
    return values[0] if is_real else None


def _pyenv_selects() -> str | None:
    from envdoctor.facts.pyenv import versions

    env = {name: value for name, value in given(os.environ).items() if name != "PYENV_VERSION"}
    asking = Session(env, working_directory(env), Launch())
    try:
        selection = versions.examine(asking, env.get("PYENV_ROOT", ""), "PYENV_ROOT").selection
    except Unanswered:
        return None
    named = [pin.version or pin.text.removeprefix("python-") for pin in selection.pins]
    return ":".join(named) or versions.SYSTEM


def user_environment(start: Start) -> tuple[dict[str, str], Launch]:
    """The environment of the session in which envdoctor was typed, and what had to be undone to get it."""
    launcher = recognise(start)
    env = dict(start.env)
    hidden = ""
    if start.by_uv and start.parent_env is not None:
        env = dict(start.parent_env)  # uv stays and waits for us, so that what it was given itself can be seen
    elif launcher in UV:
        env, hidden = _without_uv(start)
    elif launcher is Launcher.PYENV_SHIM:
        env = _without_pyenv(start)
    elif launcher is Launcher.PRE_COMMIT:
        env, hidden = _without_pre_commit(start)
    if launcher is Launcher.PIPX_RUN:
        env = {name: value for name, value in env.items() if (name, value) not in PIPX_SETS}
        hidden = ", which hides PYTHONPATH and PIP_TARGET"
    note = f"launched by {SPOKEN.get(launcher, launcher)}{hidden}: its own environment is left out"
    unread = "the environment of pre-commit" if launcher is Launcher.PRE_COMMIT and start.outside is None else None
    return env, Launch(launcher, _removed(start.path, _split(env)), note if env != start.env else None, unread)


def recognise(start: Start) -> Launcher:
    """By what envdoctor was started: the first row that fits."""
    return next((launcher for launcher, fits in RULES if fits(start)), Launcher.PLAIN)


def _is_pipx_run(start: Start) -> bool:
    """Whether `pipx run` has made the environment, or has handed over to uv."""
    if start.by_uv:
        return all((start.parent_env or {}).get(name) == value for name, value in PIPX_SETS)
    return start.has(PIPX_METADATA)


def _is_pyenv_shim(start: Start) -> bool:
    """Whether pyenv has just put itself on the search path; in a shell below a shim, the shell already had it."""
    inherited = start.parent_env is not None and start.parent_env.get("PATH") == start.env.get("PATH")
    return not inherited and _pyenv_elements(start) > 0


def _is_hook(start: Start) -> bool:
    """Whether it is a hook in an environment that pre-commit has made, or that was active when pre-commit started."""
    active = start.env.get("VIRTUAL_ENV") if start.env.get(HOOK) == "1" else None
    try:
        return active is not None and os.path.realpath(active) == os.path.realpath(start.prefix)
    except Unanswered:
        return False


RULES: tuple[tuple[Launcher, Callable[[Start], bool]], ...] = (
    (Launcher.PRE_COMMIT, _is_hook),
    (Launcher.UV_TOOL, lambda start: start.has(UV_RECEIPT) and not start.by_uv),
    (Launcher.PIPX, lambda start: start.has(PIPX_METADATA) and "/venvs/" in start.prefix and not start.by_uv),
    (Launcher.PIPX_RUN, _is_pipx_run),
    (Launcher.UV_RUN_WITH, lambda start: start.extends is not None or start.bucket == "builds"),
    (Launcher.UV_RUN_WITH, lambda start: start.bucket == "archive" and start.uv_command == "run"),  # before uv 0.8
    (Launcher.UVX, lambda start: start.bucket == "archive"),
    (Launcher.UVX, lambda start: start.has(UV_RECEIPT) and start.uv_command == "tool"),
    (Launcher.UV_RUN_SCRIPT, lambda start: start.by_uv and start.bucket == "environments"),
    (Launcher.UV_RUN, lambda start: start.by_uv),
    (Launcher.PYENV_SHIM, _is_pyenv_shim),
)


def _without_uv(start: Start) -> tuple[dict[str, str], str]:
    """The environment less uv's own, where uv cannot be asked; and what that leaves in the dark, in words."""
    env = dict(start.env)
    added = 0
    for element in start.path:
        prefix = os.path.dirname(element)
        if prefix != start.prefix and not UV_CACHE.search(prefix):
            break
        added += 1
    env["PATH"] = os.pathsep.join(start.path[added:])
    if env.get("VIRTUAL_ENV") != start.prefix:
        return env, ""
    if start.extends:  # a shell that was started by `uv run --with`: what it has without the layer
        env["VIRTUAL_ENV"] = start.extends
        return env, ""
    del env["VIRTUAL_ENV"]
    return env, ", which hides what VIRTUAL_ENV was"


def _without_pre_commit(start: Start) -> tuple[dict[str, str], str]:
    """The environment as pre-commit itself has it; and what is in the dark where that cannot be seen, in words."""
    env = {name: value for name, value in start.env.items() if name not in CHANGED_FOR_HOOKS}
    if start.outside is None:
        env["PATH"] = os.pathsep.join(start.path[start.path[:1] == (f"{start.prefix}/bin",) :])
        return env, ", which hides what VIRTUAL_ENV was"
    env |= {name: start.outside[name] for name in CHANGED_FOR_HOOKS if name in start.outside}
    path = _split(env)
    if (
        path and os.path.basename(path[0]) == "git-core"
    ):  # where `git commit` runs pre-commit, git's own programs are first
        env["PATH"] = os.pathsep.join(path[1:])
    return env, ""


def _pyenv_elements(start: Start) -> int:
    """How many elements pyenv has put at the front: a version's directory, its own `libexec`, its plugins' `bin`."""
    path, root = start.path, start.env.get("PYENV_ROOT")
    exports = root and "PYENV_DIR" in start.env and "PYENV_VERSION" in start.env
    at = next((at for at, element in enumerate(path[:2]) if element.endswith("/libexec")), None)
    if not exports or at is None or (at == 1 and not path[0].startswith(f"{root}/versions/")):
        return 0
    plugins = (f"{path[at].removesuffix('/libexec')}/plugins/", f"{root}/plugins/")
    count = at + 1
    while count < len(path) and path[count].startswith(plugins) and path[count].endswith("/bin"):
        count += 1
    return count


def _without_pyenv(start: Start) -> dict[str, str]:
    """The environment before a pyenv shim, which extends the search path and exports what it has decided.

    What the user had exported already cannot always be told from that. Where pyenv's files explain the value, it counts
    as pyenv's: nothing in this directory changes without it.
    """
    env = dict(start.env)
    env["PATH"] = os.pathsep.join(start.path[_pyenv_elements(start) :])
    explained = {"PYENV_VERSION": start.pyenv_selects, "PYENV_DIR": env.get("PWD"), "PYENV_ROOT": _default_root(env)}
    for name in ("PYENV_HOOK_PATH", "_PYENV_INSTALL_PREFIX"):
        env.pop(name, None)
    return {name: value for name, value in env.items() if explained.get(name) != value}


def _default_root(env: Mapping[str, str]) -> str:
    return f"{env.get('HOME', '')}/.pyenv"


def _split(env: Mapping[str, str]) -> tuple[str, ...]:
    value = env.get("PATH")
    return tuple(value.split(os.pathsep)) if value else ()


def _removed(given: tuple[str, ...], kept: tuple[str, ...]) -> tuple[str, ...]:
    """What stands in front of the part that was kept."""
    added = len(given) - len(kept)
    return given[:added] if added > 0 and given[added:] == kept else ()
