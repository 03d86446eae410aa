"""The text files that a command may write: seen before it runs, and what it has made of them written down after it.

So what a tool writes is taken back like what envdoctor writes: whole, and only while nobody has changed it since.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from envdoctor.apply import recovery
from envdoctor.apply.change import Change, noted
from envdoctor.apply.journal import Journal
from envdoctor.apply.state import Refused, State
from envdoctor.apply.target import Seen, reading, real_file
from envdoctor.engine.fix import Run
from envdoctor.plan.commands import PYTHON

CONDA = ("~/.condarc", "$CONDARC", "~/.bashrc", "~/.bash_profile", "~/.profile", "~/.zshrc", "~/.tcshrc", "~/.xonshrc")
CONDA_FILES = (*CONDA, "~/.config/fish/config.fish")
OF_TOOLS: Mapping[str, Sequence[str]] = {
    "asdf": (".tool-versions", "~/.tool-versions"),
    "conda": CONDA_FILES,
    "git": ("~/.gitconfig", "~/.config/git/config", ".git/config"),
    "mamba": CONDA_FILES,
    "mise": ("mise.toml", ".mise.toml", ".tool-versions", "~/.config/mise/config.toml"),
    "pdm": ("pyproject.toml", "pdm.lock", "pdm.toml", ".pdm-python"),
    "pip": ("$PIP_CONFIG_FILE", "~/.config/pip/pip.conf", "~/.pip/pip.conf"),
    "pipenv": ("Pipfile", "Pipfile.lock"),
    "pixi": ("pixi.toml", "pixi.lock", "pyproject.toml"),
    "poetry": ("pyproject.toml", "poetry.lock", "poetry.toml"),
    "pyenv": (".python-version", "$PYENV_ROOT/version", "~/.pyenv/version"),
    "uv": (".python-version", "pyproject.toml", "uv.lock", "uv.toml"),
}
"""The settings and locks that tools write without being given their names."""
MOVING = frozenset({"ln", "mv", "rm"})
"""What these do to files is no change of a text."""


class Before(msgspec.Struct, frozen=True):
    """The files that a command may write, as they are before it runs.

    Attributes:
        seen: those that can be taken back.
        others: why the rest cannot, with what tells whether it is written to, by path.
    """

    seen: tuple[Seen, ...]
    others: Mapping[str, tuple[str, tuple[int, ...]]]


def before(run: Run, env: Mapping[str, str], home: str | None, cwd: str) -> Before:
    """What a command may write, as it is now."""
    seen: dict[str, Seen] = {}
    others: dict[str, tuple[str, tuple[int, ...]]] = {}
    for named in files_of(run, env, home, run.directory or cwd):
        try:
            path = real_file(named)
            with reading(path) as one:
                seen[path] = one
        except (Refused, OSError, ValueError) as error:
            if signature := _signature(named):
                others[named] = (str(error), signature)
            elif not os.path.lexists(named):
                seen[named] = Seen(named)  # where even its directory is not there yet
    return Before(tuple(seen.values()), others)


def recorded(was: Before, state: State, code: str) -> list[Change]:
    """Write down what has become of these files. Raises Refused."""
    changes = [
        Change(path, written=False, told=(f"{code}: `envdoctor fix --undo` does not take back {path}: {reason}",))
        for path, (reason, signature) in was.others.items()
        if _signature(path) not in (signature, ())
    ]
    written = [(seen, after) for seen in was.seen if (after := _now(seen)) not in (None, seen.content)]
    if not written:
        return changes
    with state.locked():
        journal = Journal(state.journal)
        told = tuple(recovery.resolve(journal))
        changes += (noted(state, journal, seen, after or b"", code) for seen, after in written)
    return [*changes[:-1], msgspec.structs.replace(changes[-1], told=told)]


def files_of(run: Run, env: Mapping[str, str], home: str | None, directory: str) -> Iterator[str]:
    """The files that a command is given the names of, or that its tool is known to write; also some that are none."""
    program, *words = run.argv
    tool = os.path.basename(program)
    if PYTHON.fullmatch(tool) and words[:1] == ["-m"]:
        tool, *words = words[1:]
    if tool in MOVING:
        return
    for word in words:
        yield os.path.join(directory, word.rpartition("=")[2] if word.startswith("-") else word)
    for place in OF_TOOLS.get(tool, ()):
        root, _, rest = place.partition("/")
        if root == "~":
            base: str | None = home
        elif root.startswith("$"):
            base = {**env, **dict(run.variables)}.get(root[1:])
        else:
            base, rest = directory, place
        if base and os.path.isabs(base):
            yield os.path.join(base, rest) if rest else base


def _now(seen: Seen) -> bytes | None:
    """What is in the file now; None if it is not there, or is none that can be taken back."""
    try:
        with reading(seen.path) as now:
            return now.content
    except Refused:
        return None


def _signature(path: str) -> tuple[int, ...]:
    """What changes when a file is written to; nothing where there is no file."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return ()
    return () if os.path.isdir(path) else (found.st_ino, found.st_size, found.st_mtime_ns)
