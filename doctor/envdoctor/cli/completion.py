"""What may a shell offer for the word that is being typed? Nothing is run for it, and only what is near is seen."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from itertools import islice

import click
from click.shell_completion import CompletionItem

from envdoctor.system.silent_mounts import Unanswered
from envdoctor.system.trust import is_absolute

INSIDE = ("pyvenv.cfg", "conda-meta")
"""What lies in a virtual environment, and in one of conda's."""
MOST_LEVELS = 6
"""Directories above the working directory in which a `.venv` is looked for."""
MOST_ENTRIES = 20_000
"""Entries of one directory that are looked at: a directory of data may hold millions."""


def code(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """The codes and names of checks that begin so."""
    names, _families = _names()
    return _beginning(incomplete, names)


def selection(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """What `--select` takes: families, codes and names; here for the last word of a list with commas."""
    before, comma, word = incomplete.rpartition(",")
    names, families = _names()
    return [f"{before}{comma}{found}" for found in _beginning(word, (*families, *names))]


def python(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What `--python` takes: Pythons by name, environments near by; behind a `/` any file."""
    words = _environments() if os.sep in incomplete else sorted({*_pythons(), *_environments()})
    items = [CompletionItem(word) for word in words if word.startswith(incomplete)]
    return [*items, CompletionItem(incomplete, type="file")] if os.sep in incomplete else items


def _names() -> tuple[list[str], list[str]]:
    """The codes and names of all checks, and their families."""
    from envdoctor.engine.registry import Registry

    with redirect_stdout(io.StringIO()):  # what a plugin prints is no word to offer
        checks = Registry.load().checks
    return [name for one in checks for name in (one.code, one.slug)], sorted({one.family.upper() for one in checks})


def _beginning(incomplete: str, words: Iterable[str]) -> list[str]:
    return [word for word in words if word.startswith((incomplete, incomplete.upper()))]


def _pythons() -> Iterator[str]:
    """The names of the Pythons on the search path."""
    from envdoctor.facts.commands.resolve import PYTHON

    for directory in filter(is_absolute, os.environ.get("PATH", "").split(os.pathsep)):
        yield from (name for name in _entries(directory) if PYTHON.fullmatch(name))


def _environments() -> list[str]:
    """The environments in the working directory, and the `.venv` of directories above it, as they can be typed."""
    above = ("../" * level + ".venv" for level in range(1, MOST_LEVELS))
    return [path for path in (*_entries(os.curdir), *above) if _is_environment(path)]


def _is_environment(directory: str) -> bool:
    try:
        return any(os.path.exists(os.path.join(directory, name)) for name in INSIDE)
    except Unanswered:
        return False


def _entries(directory: str) -> list[str]:
    """The names in a directory, sorted; none where it cannot be read."""
    try:
        with os.scandir(directory) as entries:
            return sorted(entry.name for entry in islice(entries, MOST_ENTRIES))
    except (OSError, Unanswered):
        return []
