"""What do the lock files of uv, poetry, pipenv and pdm, and `pylock.toml`, say of each package?

All become the same rows. Only uv's lock is a graph that has to be walked; the others say with each package who wants
it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from envdoctor.facts.python.distributions import normalised
from envdoctor.system.files import read_text
from envdoctor.system.toml import (
    Document,
    Malformed,
    Table,
    parse_toml,
    strings,
    table_at,
)
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

MAIN = ""
# Lists of files with their hashes are most of a lock, and say nothing here; a parser would spend its time on them.
BULK = r"(?m)^(?:wheels|files|sdist) = (?:\[\n(?:[ \t].*\n)*\]|\[.*\]|\{.*\})$"
NAME = r'(?m)^name = "([^"]+)"$'
# uv writes an extra or a group of `tool.uv.conflicts` into markers as an extra of this name.
CONFLICTING = pattern(r"extra [!=]= '(?:extra|group|project)-\d+-")
LOCAL_SOURCES = ("editable", "directory", "virtual", "path")

Holds = Callable[[str], bool | None]


class Row(msgspec.Struct, frozen=True):
    """One package of a lock.

    Attributes:
        name: normalised.
        version: the version; None where the lock has none, as for a working copy.
        groups: who wants it: `""` for the project itself, else groups.
        marker: the marker that goes with it; None if it goes everywhere, or if it has been evaluated.
        optional: whether only an extra wants it.
    """

    name: str
    version: str | None
    groups: tuple[str, ...] = (MAIN,)
    marker: str | None = None
    optional: bool = False


def read_lock(path: str) -> Document:
    """Read a lock file, without its lists of files. Raises Unreadable, with the line if there is one."""
    text = read_text(path, limits.LOCK)
    if path.endswith("Pipfile.lock"):
        return Document(path, text, _parse_json(path, text))
    slim = re.sub(BULK, lambda bulk: "\n" * bulk[0].count("\n"), text)
    return Document(path, text, parse_toml(path, slim))


def _parse_json(path: str, text: str) -> Table:
    import json

    try:
        table = json.loads(text)
    except json.JSONDecodeError as error:
        raise Malformed(path, error.msg, error.lineno) from error
    except RecursionError as error:
        raise Malformed(path, "nested too deeply", None) from error
    except ValueError as error:  # a number of thousands of digits
        raise Malformed(path, str(error).partition(";")[0], None) from error
    if not isinstance(table, dict):
        raise Malformed(path, "is no JSON object", None)
    return table


def lines_of(document: Document) -> dict[str, int]:
    """The line of each package's name, where a reader finds it."""
    found: dict[str, int] = {}
    line, position = 1, 0
    pattern = r'(?m)^        "([^"]+)": \{$' if document.path.endswith("Pipfile.lock") else NAME
    for match in re.finditer(pattern, document.text):
        line += document.text.count("\n", position, match.start())
        position = match.start()
        found.setdefault(normalised(match[1]), line)
    return found


def of_poetry(table: Table) -> Iterator[Row]:
    """The packages of a `poetry.lock`. Before version 2.1 it does not say which group wants a package."""
    for package in packages(table):
        groups = tuple(MAIN if group == "main" else normalised(group) for group in strings(package.get("groups")))
        category = package.get("category")
        if not groups and isinstance(category, str):
            groups = (MAIN,) if category == "main" else (normalised(category),)
        markers = package.get("markers")
        source = table_at(package, "source").get("type")
        version = None if source == "directory" else text(package.get("version"))
        optional = package.get("optional") is True
        if isinstance(markers, dict):
            for group in groups:
                marker = markers.get("main" if group == MAIN else group)
                yield Row(normalised(package["name"]), version, (group,), text(marker), optional)
        else:
            yield Row(normalised(package["name"]), version, groups, text(markers), optional)


def of_pdm(table: Table) -> Iterator[Row]:
    """The packages of a `pdm.lock`."""
    for package in packages(table):
        groups = tuple(MAIN if group == "default" else normalised(group) for group in strings(package.get("groups")))
        version = None if "path" in package else text(package.get("version"))
        yield Row(normalised(package["name"]), version, groups or (MAIN,), text(package.get("marker")))


def of_pylock(table: Table) -> Iterator[Row]:
    """The packages of a `pylock.toml`."""
    for package in packages(table, "packages"):
        version = None if "directory" in package else text(package.get("version"))
        yield Row(normalised(package["name"]), version, marker=text(package.get("marker")))


def of_pipfile(table: Table) -> Iterator[Row]:
    """The packages of a `Pipfile.lock`."""
    for section, group in (("default", MAIN), ("develop", "develop")):
        for name, entry in table_at(table, section).items():
            if isinstance(entry, dict):
                version = text(entry.get("version"))
                exact = version[2:] if version and version.startswith("==") else None
                yield Row(normalised(name), exact, (group,), text(entry.get("markers")))


def of_uv(table: Table, start: tuple[str, ...], groups: tuple[str, ...], holds: Holds) -> Iterator[Row]:
    """The packages of a `uv.lock` that these of its own (by their path in the workspace) want here, with these groups.

    Markers are evaluated on the way, since they stand on the edges of the graph.
    """
    graph = _Graph(table, holds)
    roots = [package for package in packages(table) if _place(package) in start]
    wanted: dict[tuple[str, str | None], list[str]] = {}
    for group in (MAIN, *groups):
        edges = [edge for root in roots for edge in graph.edges(root, group)]
        for name, version in graph.reach(edges):
            wanted.setdefault((name, version), []).append(group)
    own = {normalised(root["name"]) for root in roots}
    yield from (Row(name, version, tuple(by)) for (name, version), by in wanted.items() if name not in own)


class _Graph:
    """The packages of a `uv.lock` and what each needs."""

    def __init__(self, table: Table, holds: Holds) -> None:
        self.holds = holds
        self.by_name: dict[str, Table] = {}
        self.by_version: dict[tuple[str, str], Table] = {}
        for package in packages(table):
            self.by_name.setdefault(package["name"], package)
            self.by_version.setdefault((package["name"], str(package.get("version"))), package)

    def edges(self, package: Table, group: str = MAIN) -> list[Table]:
        """What a package itself needs, or one of its groups."""
        owner = package if group == MAIN else table_at(package, "dev-dependencies")
        found = owner.get("dependencies" if group == MAIN else group)
        return [edge for edge in found if isinstance(edge, dict)] if isinstance(found, list) else []

    def reach(self, edges: list[Table]) -> Iterator[tuple[str, str | None]]:
        """Everything that these edges lead to: name, and version unless it is a working copy."""
        pending, seen = list(edges), set[tuple[int, str]]()
        while pending:
            edge = pending.pop()
            marker = edge.get("marker")
            package = self._target(edge)
            if package is None or (isinstance(marker, str) and not self._leads_here(marker)):
                continue
            for extra in ("", *strings(edge.get("extra"))):
                if (id(package), extra) in seen:
                    continue
                seen.add((id(package), extra))
                more = table_at(package, "optional-dependencies").get(extra) if extra else self.edges(package)
                pending += [edge for edge in more if isinstance(edge, dict)] if isinstance(more, list) else []
                if not extra and "virtual" not in table_at(package, "source"):
                    local = any(kind in table_at(package, "source") for kind in LOCAL_SOURCES[:2])
                    yield normalised(package["name"]), None if local else text(package.get("version"))

    def _leads_here(self, marker: str) -> bool:
        """Whether an edge is sure to be followed; which of several that exclude each other is chosen, nobody knows."""
        return not CONFLICTING.search(marker) and self.holds(marker) is True

    def _target(self, edge: Table) -> Table | None:
        name, version = str(edge.get("name")), edge.get("version")
        return self.by_name.get(name) if version is None else self.by_version.get((name, str(version)))


def _place(package: Table) -> str | None:
    source = table_at(package, "source")
    return next(
        (source[kind] for kind in ("editable", "virtual", "directory") if isinstance(source.get(kind), str)), None
    )


def packages(table: Table, key: str = "package") -> Iterator[dict[str, Any]]:
    """The packages of a lock that have a name."""
    found = table.get(key)
    for package in found if isinstance(found, list) else ():
        if isinstance(package, dict) and isinstance(package.get("name"), str):
            yield package


def own_package(table: Table, place: str) -> Table | None:
    """The package of a `uv.lock` that stands at a place in the workspace; None if there is none."""
    return next((package for package in packages(table) if place in table_at(package, "source").values()), None)


def text(value: object) -> str | None:
    """A value if it is a text."""
    return value if isinstance(value, str) else None
