"""What lies on the patient's disk before and after a fix, and what of it a fix has no business with."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from envdoctor.plan.effect import Verb
from envdoctor.plan.effects import effects_of
from tests.plan.world import action_from

Tree = Mapping[str, tuple[int, ...]]
OF_TOOLS = (
    *(".cache", ".local/state/envdoctor", ".bash_history", ".zsh_history", ".local/share/fish", ".config/fish"),
    *(".config/uv/uv-receipt.json", ".conda", ".local/share/uv/credentials"),
)
"""Below the home: caches of the tools that a fix runs, envdoctor's own record, and what the shell writes by itself."""

OF_COMMANDS = {
    "uv tool": ("{home}/.local/share/uv/tools", "{home}/.local/bin"),
    "uv python": ("{home}/.local/share/uv/python", "{home}/.local/bin", "{cwd}/.python-version"),
    "pipx": ("{home}/.local/share/pipx", "{home}/.local/pipx", "{home}/.local/bin"),
    "pip config": ("{home}/.config/pip", "{home}/.pip"),
    "pyenv": ("{home}/.pyenv", "{cwd}/.python-version"),
    "conda": ("{home}/.condarc", "{home}/.conda"),
    **{tool: ("{cwd}/.venv", "{cwd}/" + lock) for tool, lock in {"uv": "uv.lock", "pdm": "pdm.lock"}.items()},
    **{tool: ("{cwd}/.venv", "{cwd}/" + lock) for tool, lock in {"poetry": "poetry.lock", "pixi": ".pixi"}.items()},
}
"""Where commands write that name no place, below the home or where they are run."""


BLOCK = re.compile(r"# >>> envdoctor (\w+) >>>\n((?:.*\n)*?)# <<< envdoctor \1 <<<\n")


def in_effect(file: Path) -> str:
    """The text of a start-up file without what fixes have commented out, and without the marks around it."""
    return BLOCK.sub(lambda block: re.sub(r"^# .*\n", "", block[2], flags=re.MULTILINE), file.read_text())


def tree_of(roots: Iterable[str], without: Sequence[str] = ()) -> Tree:
    """Mode, owner, size and time of every file and link, by path; of directories only that they are there."""
    return {path: _signature(path) for root in roots for path in _below(root, without)}


def _below(directory: str, without: Sequence[str]) -> Iterator[str]:
    for place, directories, files in os.walk(directory):
        directories[:] = [name for name in directories if os.path.join(place, name) not in without]
        yield from (os.path.join(place, name) for name in (*directories, *files) if name != "__pycache__")


def _signature(path: str) -> tuple[int, ...]:
    found = os.lstat(path)
    if os.path.isdir(path) and not os.path.islink(path):
        return (found.st_mode, found.st_uid, found.st_gid)
    return (found.st_mode, found.st_uid, found.st_gid, found.st_size, found.st_mtime_ns)


def changed(before: Tree, after: Tree) -> list[str]:
    """The paths that are new, gone or different; what Python writes to start faster is no change."""
    paths = before.keys() | after.keys()
    return sorted(path for path in paths if before.get(path) != after.get(path) and "/__pycache__/" not in path)


def outside(paths: Iterable[str], fixes: Iterable[dict[str, Any]], home: str, cwd: str) -> list[str]:
    """Those of the changed paths that the fixes do not name."""
    allowed = [os.path.join(home, place) for place in OF_TOOLS]
    allowed += [place for fix in fixes for place in named_by(fix, home, cwd)]
    allowed = [os.path.realpath(place) for place in allowed]
    return [path for path in paths if not any(_is_at(path, place) for place in allowed)]


def _is_at(path: str, place: str) -> bool:
    """Whether a path is this place, lies in it, or is a directory that had to be made for it."""
    return f"{path}/".startswith(f"{place}/") or f"{place}/".startswith(f"{path}/")


def named_by(fix: dict[str, Any], home: str, cwd: str) -> Iterator[str]:
    """The files and directories that the steps of a fix name, or that their commands are known to write."""
    actions = [action_from(step) for step in fix["actions"]]
    for effect in effects_of(actions, cwd):
        if "/" in effect.thing:
            yield effect.thing.partition(" ")[0]
        elif effect.verb is Verb.SET and effect.value and os.path.isabs(effect.value):
            yield effect.value
    for step in fix["actions"]:
        words, where = step.get("argv", [step.get("path", "")]), step.get("directory") or cwd
        yield from (os.path.join(where, word) for word in words if "/" in word)
        line = f"{os.path.basename(words[0])} {' '.join(words[1:])} "
        for command, places in OF_COMMANDS.items():
            if line.startswith(f"{command} "):
                yield from (place.format(home=home, cwd=where) for place in places)
