"""What do a `uv.lock`, a `pylock.toml` and a `pdm.lock` lack that their readers insist on? In their words.

uv 0.8 to 0.13 stop at each of these, whichever command it is; the clinic holds that against several of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor.facts.dependencies.lock_formats import lines_of, packages
from envdoctor.facts.dependencies.lock_schemas import UV_SCHEMA
from envdoctor.facts.dependencies.uv_lock_edges import edge_faults
from envdoctor.system.toml import Document, Table, find_line, table_at
from envdoctor.text import versions
from envdoctor.text.plain import plain

PYLOCK = "pylock.toml"
PYLOCK_MAJOR = "1"
MARKERS = ("resolution-markers", "supported-markers", "required-markers")
Fault = tuple[int, str]


def uv_lock_faults(document: Document) -> Iterator[Fault]:
    """The line, 0 if unknown, and what is wrong with a `uv.lock` that is TOML."""
    table = document.table
    if isinstance(version := table.get("version"), int) and version > UV_SCHEMA:
        return  # of a shape that nobody knows yet
    for key in ("version", "revision"):
        value = table.get(key)
        if value is not None and not _is_count(value):
            yield find_line(document.text, "", key), f"`{key}` is no whole number"
    for key in ("version", "requires-python"):
        if key not in table:
            yield 1, f"missing field `{key}`"
    for key in MARKERS:
        if not isinstance(table.get(key, []), list):
            yield find_line(document.text, "", key), f"invalid type of `{key}`, expected a sequence"
    requires = table.get("requires-python")
    if isinstance(requires, str) and not versions.are_specifiers(requires):
        yield find_line(document.text, "", "requires-python"), f"`{requires}` is no version specifier"
    yield from _entries(document, "package")
    yield from _twins(table)
    yield from edge_faults(table, lines_of(document))


def pylock_faults(document: Document) -> Iterator[Fault]:
    """The same of a `pylock.toml`."""
    table = document.table
    for key in ("lock-version", "created-by", "packages"):
        if key not in table:
            yield 1, f"missing field `{key}`"
    version = table.get("lock-version")
    if isinstance(version, str) and version.partition(".")[0] != PYLOCK_MAJOR:
        said = f"unsupported lock version (`{version}`, but only major version 1 is supported)"
        yield find_line(document.text, "", "lock-version"), said
    yield from _entries(document, "packages")


def pdm_lock_faults(document: Document) -> Iterator[Fault]:
    """The same of a `pdm.lock`, of which pdm 2.16 to 2.29 insist on little."""
    version = table_at(document.table, "metadata").get("lock_version", "0")
    if not isinstance(version, str) or (version and not versions.is_version(version)):
        yield find_line(document.text, "metadata", "lock_version"), f"invalid version: `{plain(str(version))}`"


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _entries(document: Document, key: str) -> Iterator[Fault]:
    """Packages without a name, by the line of their table."""
    entries = document.table.get(key)
    if not isinstance(entries, list):
        return
    headings = (number for number, line in enumerate(document.text.splitlines(), 1) if line.strip() == f"[[{key}]]")
    for entry, line in zip(entries, headings, strict=False):
        if isinstance(entry, dict) and "name" not in entry:
            yield line, "missing field `name`"


def _twins(table: Table) -> Iterator[Fault]:
    """The same package twice, which a merge without a conflict leaves."""
    seen: set[tuple[str, str, str]] = set()
    for package in packages(table):
        one = (str(package["name"]), str(package.get("version")), str(sorted(table_at(package, "source").items())))
        if one in seen:
            yield 0, f"found duplicate package `{one[0]}=={one[1]}`"
        seen.add(one)
