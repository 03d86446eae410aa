"""Which settings for an index are silenced by a variable, or stand in a `.env` file that uv does not read?

`PIP_CONFIG_FILE=/dev/null` silences every file of pip, one that names a file those of the user; `UV_NO_CONFIG` and
`UV_CONFIG_FILE` silence the files that uv finds by itself. uv hands the variables of a `.env` to what `uv run
--env-file` starts, and takes no setting of its own from it. tests/clinic/test_mirrors.py asks both.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.mirrors.ignored_settings import ADDRESS_OPTIONS
from envdoctor.facts.pip.config_file import PipLevel, read_file
from envdoctor.facts.pip.options import canonical
from envdoctor.facts.pip.settings import FILE_VARIABLE, user_files
from envdoctor.facts.uv.settings import UvSettings, find_indexes, ordinary_places, read_table
from envdoctor.facts.uv.variables import YES
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.session import Session
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

OF_UV = ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL")
LINE = pattern(r"\s*(?:export\s+)?(UV_[A-Z_]+)\s*=\s*(.*?)\s*")


class SilencedSetting(Fact, frozen=True):
    """A setting for an index that is there and does not count.

    Attributes:
        tool: `pip` or `uv`.
        setting: the key or variable.
        value: what it says.
        file: the file that says it.
        line: where in it, from 1; 0 if the line was not found.
        variable: the variable that silences the file; None for a `.env`, which uv does not read.
        variable_value: what that variable holds.
    """

    tool: str
    setting: str
    value: str
    file: str
    line: int = 0
    variable: str | None = None
    variable_value: str | None = None

    @property
    def origin(self) -> str:
        """The file with its line."""
        return f"{self.file}:{self.line}" if self.line else self.file


class SilencedSettings(Fact, frozen=True):
    """All such settings."""

    settings: tuple[SilencedSetting, ...] = ()


@probe
def probe_silenced_settings(session: Session, uv: UvSettings) -> SilencedSettings:
    """Read the files that would count without the variables, and the `.env` of the working directory."""
    return SilencedSettings((*_of_pip(session), *_of_uv(session), *_of_dot_env(session, uv)))


def _of_pip(session: Session) -> Iterator[SilencedSetting]:
    named = session.env.get(FILE_VARIABLE)
    if not named or not os.path.exists(os.path.join(session.cwd or "/", named)):
        return
    for path in user_files(session):
        if os.path.isfile(path) and not _same(path, os.path.join(session.cwd or "/", named)):
            for setting in read_file(path, PipLevel.USER)[1]:
                if canonical(setting.option) in ADDRESS_OPTIONS and setting.value:
                    line = setting.origin.removeprefix(path).lstrip(":")
                    yield SilencedSetting(
                        *("pip", f"[{setting.section}] {setting.option}", setting.value, path, int(line or 0)),
                        *(FILE_VARIABLE, named),
                    )


def _of_uv(session: Session) -> Iterator[SilencedSetting]:
    named = session.env.get("UV_CONFIG_FILE")
    name, value = ("UV_CONFIG_FILE", named) if named else ("UV_NO_CONFIG", session.env.get("UV_NO_CONFIG") or "")
    if not named and value.lower() not in YES:
        return
    for path in ordinary_places(session):
        if not (named and _same(path, os.path.join(session.cwd or "/", named))):
            _, text, table = read_table(path)
            for index in find_indexes(table, text, path):
                yield SilencedSetting("uv", "[[index]]", index.url, path, index.line, name, value)
            if isinstance(url := table.get("index-url"), str):
                yield SilencedSetting("uv", "index-url", url, path, 0, name, value)


def _of_dot_env(session: Session, uv: UvSettings) -> Iterator[SilencedSetting]:
    """The indexes for uv in a `.env`, unless something has already put them into the session, or uv has an index."""
    if session.cwd is None or uv.indexes or any(session.env.get(name) for name in OF_UV):
        return
    path = os.path.join(session.cwd, ".env")
    try:
        lines = read_text(path, limits.SMALL_FILE).splitlines() if os.path.isfile(path) else []
    except Unreadable:
        return
    for number, line in enumerate(lines, 1):
        if (found := LINE.fullmatch(line)) and found[1] in OF_UV and (value := found[2].strip("\"'")):
            yield SilencedSetting("uv", found[1], value, path, number)


def _same(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)
