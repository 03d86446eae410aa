"""Which package indexes does uv ask, in which order, and what has set each?

uv has newer settings (`UV_DEFAULT_INDEX`, `UV_INDEX`, `[[index]]`) and older ones (`UV_INDEX_URL`, `index-url` …). They
do not simply follow file by file: an `[[index]]` with `default = true` in any file beats an `index-url` in every file.
tests/clinic/test_uv_indexes.py holds the order against the real uv.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.http.url import Address, Reader, read
from envdoctor.facts.uv.installations import UvCopies
from envdoctor.facts.uv.settings import (
    UvIndex,
    UvLevel,
    UvSettings,
    UvValue,
    line_numbers,
)
from envdoctor.system.files import Unreadable
from envdoctor.system.session import Session
from envdoctor.system.toml import read_toml

NAMES_SINCE = (0, 12, 5)  # `UV_INDEX=corp` stands for the `[[index]]` of this name


class UvIndexes(Fact, frozen=True):
    """The indexes that are set for uv.

    Attributes:
        defaults: what is set as the default index: the one that `uv pip` uses first, then those that lose against it.
        extras: what is asked before it, in uv's order.
        explicit: what serves only the packages that name it.
        find_links: further places of archives.
        strategy: how uv chooses between indexes, with its origin; None if nothing is set.
        strategy_origin: what has set it.
        project_file: the project's configuration file, which `uvx` and `uv tool` do not read; None if there is none.
        user_file: the user's, which need not exist; None where uv would not read it, or no `[[index]]` can be appended.
        no_index: the value by which `uv pip` asks no index at all; None if there is none.
        no_index_of_projects: the same of all other commands, for which `[pip]` tables do not count.
    """

    defaults: tuple[Address, ...] = ()
    extras: tuple[Address, ...] = ()
    explicit: tuple[Address, ...] = ()
    find_links: tuple[Address, ...] = ()
    strategy: str | None = None
    strategy_origin: str | None = None
    project_file: str | None = None
    user_file: str | None = None
    no_index: UvValue | None = None
    no_index_of_projects: UvValue | None = None

    @property
    def default(self) -> Address | None:
        """The default index of `uv pip`; None if it is uv's own."""
        return self.defaults[0] if self.defaults else None

    @property
    def of_projects(self) -> Address | None:
        """The default index of `uv add`, `uv sync`, `uv run`: `[pip]` tables do not count there."""
        return next((address for address in self.defaults if not address.setting.startswith("[pip]")), None)

    @property
    def of_tools(self) -> Address | None:
        """The default index of `uvx` and `uv tool`: nothing of the project counts there."""
        mine = (address for address in self.defaults if address.file is None or address.file != self.project_file)
        return next((address for address in mine if not address.setting.startswith("[pip]")), None)


@probe
def probe_uv_indexes(session: Session, settings: UvSettings, copies: UvCopies | None) -> UvIndexes:
    """Put what is set for uv in the order in which uv tries it."""
    cwd = session.cwd or "/"
    knows_names = copies is None or copies.first.version is None or copies.first.version >= NAMES_SINCE
    named = {index.name: index for index in reversed(settings.indexes) if index.name and knows_names}
    strategy = settings.variable("UV_INDEX_STRATEGY")
    of_file = settings.value("pip.index-strategy") or settings.value("index-strategy")
    projects = (file.path for file in settings.files if file.level is UvLevel.PROJECT)
    return UvIndexes(
        tuple(dict.fromkeys(_defaults(settings, cwd, named))),
        tuple(dict.fromkeys(_extras(settings, cwd, named))),
        tuple(_table(index) for index in settings.indexes if index.explicit),
        tuple(_find_links(settings, cwd)),
        strategy or (of_file.value if of_file else None),
        "UV_INDEX_STRATEGY" if strategy else of_file.origin if of_file else None,
        next(projects, None),
        None if session.env.get("UV_CONFIG_FILE") or settings.switched_on("UV_NO_CONFIG") else _user_file(session),
        _switched_off(settings.value("pip.no-index") or settings.value("no-index")),
        _switched_off(settings.value("no-index")),
    )


def _switched_off(value: UvValue | None) -> UvValue | None:
    return value if value and value.value == "true" else None


def _user_file(session: Session) -> str | None:
    directory = session.env.get("XDG_CONFIG_HOME") or (session.home and f"{session.home}/.config")
    path = f"{directory}/uv/uv.toml"
    return path if directory and _takes_tables(path) else None


def _takes_tables(path: str) -> bool:
    """Whether `[[index]]` can be appended to a file: not where it is broken, or has `index = […]`."""
    if not os.path.lexists(path):
        return True
    try:
        document = read_toml(path)
    except Unreadable:
        return False
    return ("", "index") not in line_numbers(document.text)


def _defaults(settings: UvSettings, cwd: str, named: dict[str, UvIndex]) -> Iterator[Address]:
    yield from _newer_variable(settings, "UV_DEFAULT_INDEX", cwd, named)
    yield from _variable(settings, "UV_INDEX_URL", cwd)
    yield from (_table(index) for index in settings.indexes if index.default and not index.explicit)
    yield from _keys(settings, "pip.index-url")
    yield from _keys(settings, "index-url")


def _extras(settings: UvSettings, cwd: str, named: dict[str, UvIndex]) -> Iterator[Address]:
    yield from _newer_variable(settings, "UV_INDEX", cwd, named, " ")
    yield from _variable(settings, "UV_EXTRA_INDEX_URL", cwd, " ")
    yield from (_table(index) for index in settings.indexes if not index.default and not index.explicit)
    yield from _keys(settings, "pip.extra-index-url")
    yield from _keys(settings, "extra-index-url")


def _find_links(settings: UvSettings, cwd: str) -> Iterator[Address]:
    yield from _variable(settings, "UV_FIND_LINKS", cwd, ",")
    yield from _keys(settings, "pip.find-links")
    yield from _keys(settings, "find-links")


def _newer_variable(
    settings: UvSettings, name: str, cwd: str, named: dict[str, UvIndex], separator: str | None = None
) -> Iterator[Address]:
    """The addresses of a variable in which the name of an index of a file stands for that index."""
    for text in _texts(settings, name, separator):
        index = named.get(text.strip())
        yield _table(index) if index else read(text, name, name, Reader.UV_INDEX, cwd=cwd)


def _variable(settings: UvSettings, name: str, cwd: str, separator: str | None = None) -> Iterator[Address]:
    for text in _texts(settings, name, separator):
        yield read(text, name, name, Reader.UV_LEGACY_INDEX, cwd=cwd)


def _texts(settings: UvSettings, name: str, separator: str | None) -> Iterator[str]:
    value = settings.variable(name) or ""
    yield from (text for text in (value.split(separator) if separator else [value]) if text.strip())


def _keys(settings: UvSettings, key: str) -> Iterator[Address]:
    yield from (_value(value) for value in settings.values if value.key == key)


def _value(value: UvValue) -> Address:
    table, _, key = value.key.rpartition(".")
    setting = f"[{table}] {key}" if table else key
    return read(
        value.value, setting, value.origin, Reader.UV_LEGACY_INDEX, file=value.path, cwd=os.path.dirname(value.path)
    )


def _table(index: UvIndex) -> Address:
    origin = f"{index.path}:{index.line}" if index.line else index.path
    setting = "[[index]] with default = true" if index.default else "[[index]]"
    cwd = os.path.dirname(index.path)
    return read(index.url, setting, origin, Reader.UV_INDEX, file=index.path, cwd=cwd, name=index.name)
