"""Which file configures envdoctor: `envdoctor.toml`, or a pyproject.toml with a table `[tool.envdoctor]`?

The nearest directory upwards that has one counts, whole: nothing is merged. The search ends at the repository or the
home directory, and passes over directories in which everybody may put files.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

import msgspec

from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.session import Session
from envdoctor.system.toml import Document, Table, has_table, parse_toml, table_at
from envdoctor.text import limits

OWN = "envdoctor.toml"
NAMES = (OWN, "pyproject.toml")
TABLE = ("tool", "envdoctor")
MOST_PARENTS = 64


class ConfigurationError(Exception):
    """A configuration cannot be meant so. The message is `file:line: reason`, and says what is right."""


class Found(msgspec.Struct, frozen=True):
    """What came of the search.

    Attributes:
        document: the file that counts; None if nothing is configured.
        passed_over: the files that do not count, because everybody may put files where they lie.
    """

    document: Document | None
    passed_over: tuple[str, ...] = ()


def search(session: Session) -> Found:
    """Look from the working directory upwards. Raises ConfigurationError."""
    passed_over: list[str] = []
    for directory in _upwards(session.cwd, session.home):
        if _is_open_to_all(directory):
            path = os.path.join(directory, OWN)
            passed_over += [path] if os.path.isfile(path) else []
            continue
        said = [document for document in _documents(directory) if _is_said(document)]
        if len(said) > 1:
            raise ConfigurationError(
                f"{said[0].path}: {said[1].path} has a table [{'.'.join(TABLE)}] as well; keep one of the two"
            )
        if said:
            return Found(said[0], tuple(passed_over))
    return Found(None, tuple(passed_over))


def is_own(document: Document) -> bool:
    """Whether a whole file is envdoctor's."""
    return os.path.basename(document.path) == OWN


def settings_of(document: Document) -> Table:
    """The table of the settings in a file."""
    return document.table if is_own(document) else table_at(document.table, *TABLE)


def _documents(directory: str) -> Iterator[Document]:
    """The files of a directory that may hold a configuration. Raises ConfigurationError if its own file is not TOML."""
    for name in NAMES:
        path = os.path.join(directory, name)
        if not os.path.lexists(path):
            continue
        try:
            text = read_text(path, limits.FILE)
            if name == OWN or "envdoctor" in text:
                yield Document(path, text, parse_toml(path, text))
        except Unreadable as error:
            if name == OWN:
                raise ConfigurationError(str(error)) from error


def _is_said(document: Document) -> bool:
    return is_own(document) or has_table(document.table, *TABLE)


def _upwards(cwd: str | None, home: str | None) -> Iterator[str]:
    """The working directory and those above it, up to the repository or the home directory."""
    directory = cwd or "/"
    for _ in range(MOST_PARENTS if cwd else 0):
        yield directory
        if directory == home or os.path.lexists(os.path.join(directory, ".git")):
            return
        if directory == (directory := os.path.dirname(directory)):
            return


def _is_open_to_all(directory: str) -> bool:
    """Whether everybody may put files into a directory, as into /tmp."""
    try:
        return bool(os.stat(directory).st_mode & stat.S_IWOTH)
    except OSError:
        return True
