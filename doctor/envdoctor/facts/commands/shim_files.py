"""Where may a shim of asdf or mise be asked, which chooses by the files of the directory that it is called in?

Such files may name any program: `python path:./tools`, or a script that mise reads. Those that name versions and
nothing else are followed, as mise follows them without `mise trust`; where there are others the shim is not asked.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.facts.commands.resolve import ShimManager
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.toml import loads
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

CHOOSING = (ShimManager.ASDF, ShimManager.MISE)
PLAIN = pattern(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
OF_VERSIONS = (".tool-versions", ".python-version", ".python-versions")
# the page Configuration of mise's documentation; a file of one of its environments has that one's name in it
OF_MISE = pattern(r"\.?(?:mise|rtx)(?:\.[\w-]+){0,2}\.toml|\.miserc\.toml")
DIRECTORIES_OF_MISE = ("mise", ".mise", ".config/mise", ".config/mise/conf.d", ".config")
TOOL = pattern(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def obstacle(manager: ShimManager | None, cwd: str | None, home: str | None) -> str | None:
    """Why a shim is not asked in a directory; None if it may be, or is none of these. The home does not count."""
    if manager not in CHOOSING:
        return None
    for directory in _upwards(cwd or "/"):
        if directory == home:
            continue
        if manager is ShimManager.MISE and (file := next(filter(_runs_more, _of_mise(directory)), None)):
            return f"is not run: {file} decides what it runs"
        for file in _existing(directory, OF_VERSIONS):
            if not _names_versions_only(file):
                return f"is not run: {file} decides what it runs, and names more than versions"
    return None


def _upwards(directory: str) -> Iterator[str]:
    yield directory
    while directory != os.path.dirname(directory):
        directory = os.path.dirname(directory)
        yield directory


def _existing(directory: str, names: tuple[str, ...]) -> Iterator[str]:
    return filter(os.path.lexists, (os.path.join(directory, name) for name in names))


def _of_mise(directory: str) -> Iterator[str]:
    """Mise's own files in a directory."""
    for place in ("", *DIRECTORIES_OF_MISE):
        try:
            names = sorted(os.listdir(os.path.join(directory, place)))
        except OSError:
            continue
        apart = place not in ("", ".config")  # whatever is in there is mise's
        for name in names:
            if OF_MISE.fullmatch(name) or (apart and name.endswith(".toml")):
                yield os.path.join(directory, place, name)


def _runs_more(file: str) -> bool:
    """Whether a file of mise's says more than versions."""
    try:
        table = loads(read_text(file, limits.SMALL_FILE))
    except (Unreadable, ValueError, RecursionError):
        return True
    tools = table.get("tools", {})
    if table.keys() - {"tools", "min_version"} or not isinstance(tools, dict):
        return True
    values = (version for value in tools.values() for version in (value if isinstance(value, list) else (value,)))
    plain = all(isinstance(version, str) and PLAIN.fullmatch(version) for version in values)
    return not plain or not all(map(TOOL.fullmatch, tools))


def _names_versions_only(file: str) -> bool:
    try:
        lines = read_text(file, limits.SMALL_FILE).splitlines()
    except Unreadable:
        return False
    words = (word for line in lines for word in line.partition("#")[0].split())
    return all(PLAIN.fullmatch(word) for word in words)
