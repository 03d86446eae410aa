"""What does a fix change? The words of the label that stands behind its summary."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename

from envdoctor.engine.fix import LASTING, EditFile, Fix, Run, Safety, Scope

INSTALLED = "what is installed"
REMOVES = "removes something: read before you run"
# Programs that change nothing but the files that they are given; `mv` is known by what it takes away.
OF_FILES = frozenset({"chmod", "chown", "cp", "ln", "mkdir", "rm", "rmdir", "sed", "touch"})
# What the first words of a command line change, where that is no package.
OTHERS = {
    ("mv",): "a file ({first})",
    ("hash",): "this shell",
    ("tmux",): "the tmux server",
    ("git", "-C"): "a file ({last})",
    ("conda", "config"): "conda's settings",
    ("pip", "config"): "pip's settings",
    ("uv", "python", "pin"): "a file (.python-version)",
    ("pyenv", "local"): "a file (.python-version)",
    ("pyenv", "global"): "pyenv's version",
    ("pyenv", "rehash"): "pyenv's shims",
    ("asdf", "set"): "a file (.tool-versions)",
    ("asdf", "reshim"): "asdf's shims",
    ("mise", "reshim"): "mise's shims",
    ("mise", "trust"): "what mise trusts",
    ("uv", "lock"): "a file (uv.lock)",
    ("pdm", "lock"): "a file (pdm.lock)",
    ("poetry", "lock"): "a file (poetry.lock)",
    ("pipenv", "lock"): "a file (Pipfile.lock)",
    ("uv", "pip", "compile"): "a file ({last})",
    ("openssl",): "a file ({last})",
    ("attr",): "a file ({last})",
    ("xattr",): "a file ({last})",
    ("mount",): "a mount ({last})",
    ("ldconfig",): "the loader's cache",
}


def changes_of(fix: Fix) -> tuple[str, ...]:
    """What the steps of a fix change; what a person does by hand is not told."""
    return tuple(dict.fromkeys(_changes(fix)))


def _changes(fix: Fix) -> Iterator[str]:
    in_shell = any(not isinstance(action, LASTING) for action in fix.actions)
    if in_shell or (fix.actions and fix.scope is Scope.SESSION):
        yield "this shell"
    for action in fix.actions:
        if isinstance(action, EditFile):
            yield f"a file ({action.path})"
    if fix.safety is Safety.DESTRUCTIVE:
        yield REMOVES
    elif fix.safety is Safety.CHANGES_STATE:
        yield from (_changed_by(action) for action in fix.actions if isinstance(action, Run))


def _changed_by(run: Run) -> str:
    words = run.argv[1:] if run.argv[0] == "sudo" else run.argv
    words = (basename(words[0]), *words[1:])
    named = [word for word in words[1:] if not word.startswith("-")] or [""]
    if words[0] in OF_FILES:
        return f"a file ({named[-1]})"
    for start, changed in OTHERS.items():
        if words[: len(start)] == start:
            return changed.format(first=named[0], last=named[-1])
    return INSTALLED
