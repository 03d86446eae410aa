"""What does a fix change? The words of the label that stands behind its summary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import basename

from envdoctor.engine.fix import LASTING, EditFile, Fix, Run, Safety, Scope
from envdoctor.plan.commands import PYTHON

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
    ("conda", "env", "config"): "conda's settings",
    ("conda", "init"): "the start-up file of {last}",
    ("ipykernel", "install"): "Jupyter's kernels",
    ("jupyter", "kernelspec"): "Jupyter's kernels",
    ("pip", "config"): "pip's settings",
    ("uv", "python", "pin"): "a file (.python-version)",
    ("pyenv", "local"): "a file (.python-version)",
    ("pyenv", "global"): "pyenv's version",
    ("pyenv", "rehash"): "pyenv's shims",
    ("asdf", "set"): "a file (.tool-versions)",
    ("asdf", "local"): "a file (.tool-versions)",
    ("asdf", "global"): "a file (.tool-versions)",
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
# What a command that installs writes down as well: what is wanted from now on, or what was chosen for it.
BESIDE = {
    ("uv", "add"): "the project's files",
    ("pdm", "add"): "the project's files",
    ("pixi", "add"): "the project's files",
    ("poetry", "add"): "the project's files",
    ("pipenv", "install"): "the project's files",
    ("poetry", "update"): "a file (poetry.lock)",
    ("uv", "sync", "--inexact", "--upgrade-package"): "a file (uv.lock)",
    ("mise", "use"): "mise's configuration",
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
        yield from (changed for action in fix.actions if isinstance(action, Run) for changed in _changed_by(action))


def _changed_by(run: Run) -> Iterator[str]:
    words = run.argv[1:] if run.argv[0] == "sudo" else run.argv
    words = (basename(words[0]), *words[1:])
    if PYTHON.fullmatch(words[0]) and words[1:2] == ("-m",):
        words = words[2:]
    named = [word for word in words[1:] if not word.startswith("-")] or [""]
    if words[0] in OF_FILES:
        yield f"a file ({named[-1]})"
    elif changed := _first_of(OTHERS, words):
        yield changed.format(first=named[0], last=named[-1])
    else:
        yield INSTALLED
        if beside := _first_of(BESIDE, words):
            yield beside


def _first_of(table: Mapping[tuple[str, ...], str], words: tuple[str, ...]) -> str | None:
    """What a table says of the command that begins with these words."""
    return next((changed for start, changed in table.items() if words[: len(start)] == start), None)
