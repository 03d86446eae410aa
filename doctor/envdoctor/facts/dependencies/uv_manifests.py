"""What does uv refuse of a well-formed `pyproject.toml` because of its shape? In the words of uv 0.8 to 0.13.

uv reads the whole file strictly before it does anything for a project; what other tools read leniently stops it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from envdoctor.facts.dependencies.uv_source_shapes import (
    NAME,
    NO_NAME,
    Place,
    marker_fault,
    source_faults,
    spoken,
)
from envdoctor.facts.project.requirements_txt import invalid
from envdoctor.facts.python.distributions import normalised
from envdoctor.system.toml import Document, Table, strings, table_at
from envdoctor.text import versions
from envdoctor.text.patterns import pattern
from envdoctor.text.plain import plain

KNOWN = (0, 14)  # what a source can say in this uv and later ones, nobody knows yet
ONE_DEFAULT = (0, 11)  # 0.9 takes the first of several defaults
LIMITING = ("constraint-dependencies", "override-dependencies", "build-constraint-dependencies")
PLACES = ("environments", "required-environments")
INDEX = pattern(r"[A-Za-z0-9._-]*+")
# what must be of one kind; a star is whatever the table has
SHAPES: tuple[tuple[tuple[str, ...], type, str], ...] = (
    (("project", "name"), str, "a string"),
    (("project", "dependencies"), list, "a sequence"),
    (("project", "optional-dependencies", "*"), list, "a sequence"),
    (("project", "dynamic"), list, "a sequence"),
    (("dependency-groups", "*"), list, "a sequence"),
    (("tool", "uv", "dev-dependencies"), list, "a sequence"),
    (("tool", "uv", "managed"), bool, "a boolean"),
    (("tool", "uv", "package"), bool, "a boolean"),
    (("tool", "uv", "workspace"), dict, "struct ToolUvWorkspace"),
    (("tool", "uv", "workspace", "members"), list, "a sequence"),
    (("tool", "uv", "workspace", "exclude"), list, "a sequence"),
    (("tool", "uv", "sources"), dict, "a map with unique keys"),
    (("tool", "uv", "index"), list, "a sequence"),
    *((("tool", "uv", key), list, "a sequence") for key in LIMITING),
)


def faults(document: Document, version: tuple[int, ...] | None) -> Iterator[tuple[Place, str]]:
    """Where each stands (table, key, within), and what is wrong with it; `version` is uv's."""
    for keys, kind, expected in SHAPES:
        for path, value in _values(document.table, keys):
            if type(value) is not kind:
                yield (".".join(path[:-1]), path[-1], ""), f"invalid type: {spoken(value)}, expected {expected}"
    yield from _names(document.table)
    yield from _groups(table_at(document.table, "dependency-groups"))
    settings = table_at(document.table, "tool", "uv")
    yield from source_faults(document.table, known=version is not None and version < KNOWN)
    yield from _settings(settings, document.table)
    yield from _limits(settings)
    yield from _indexes(settings.get("index"), strict=version is not None and version >= ONE_DEFAULT)


def _values(table: Table, keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    above = table_at(table, *keys[:-1])
    for key in above if keys[-1] == "*" else keys[-1:]:
        if key in above:
            yield (*keys[:-1], key), above[key]


def _names(table: Table) -> Iterator[tuple[Place, str]]:
    project = table_at(table, "project")
    name, version = project.get("name"), project.get("version")
    if isinstance(name, str) and not NAME.fullmatch(name):
        yield ("project", "name", ""), NO_NAME.format(plain(name))
    if isinstance(version, str) and not versions.is_version(version):
        yield ("project", "version", ""), f"`{plain(version)}` is no version"
    for extra in table_at(project, "optional-dependencies"):
        if not NAME.fullmatch(extra):
            yield ("project.optional-dependencies", extra, ""), NO_NAME.format(plain(extra))


def _groups(groups: Table) -> Iterator[tuple[Place, str]]:
    for name in _twice(map(normalised, groups)):
        yield ("", "dependency-groups", ""), f"duplicate dependency group: `{plain(name)}`"
    for name, items in groups.items():
        place = ("dependency-groups", name, "")
        if not NAME.fullmatch(name):
            yield place, NO_NAME.format(plain(name))
        for item in items if isinstance(items, list) else ():
            if not isinstance(item, str | dict):
                expected = "a string or a map with the `include-group` key"
                yield place, f"invalid type: {spoken(item)}, expected {expected}"
            elif isinstance(item, dict) and len(item) > 1 and "include-group" in item:
                yield place, f"a group is included with more than its name in `{plain(name)}`"


def _settings(settings: Table, table: Table) -> Iterator[tuple[Place, str]]:
    workspace = table_at(settings, "workspace")
    if unknown := [key for key in workspace if key not in ("members", "exclude")]:
        said = f"unknown field `{plain(unknown[0])}`, expected `members` or `exclude`"
        yield ("tool.uv.workspace", unknown[0], ""), said
    chosen = settings.get("default-groups", [])
    if not isinstance(chosen, list) and chosen != "all":
        yield ("tool.uv", "default-groups", ""), 'default-groups must be "all" or a ["list", "of", "groups"]'
    groups = {normalised(name) for name in table_at(table, "dependency-groups")}
    for name in table_at(settings, "dependency-groups"):
        if normalised(name) not in groups:
            said = f"failed to find group `{plain(name)}` specified in `[tool.uv.dependency-groups]`"
            yield ("tool.uv.dependency-groups", name, ""), said
    conflicts = settings.get("conflicts")
    for one in conflicts if isinstance(conflicts, list) else ():
        if isinstance(one, list) and len(one) < 2:
            yield ("tool.uv", "conflicts", ""), "each set of conflicts must have at least two entries"


def _limits(settings: Table) -> Iterator[tuple[Place, str]]:
    for keys, fault in ((PLACES, marker_fault), (LIMITING, invalid)):
        for key in keys:
            for text in strings(settings.get(key)):
                if said := fault(text):
                    yield ("tool.uv", key, text), said


def _indexes(indexes: object, *, strict: bool) -> Iterator[tuple[Place, str]]:
    entries = [entry for entry in indexes if isinstance(entry, dict)] if isinstance(indexes, list) else []
    for entry in entries:
        if said := _index_fault(entry, strict=strict):
            yield ("tool.uv", "index", str(entry.get("name", ""))), said
    names = (entry["name"] for entry in entries if isinstance(entry.get("name"), str))
    yield from ((("tool.uv", "index", name), f"duplicate index name `{plain(name)}`") for name in _twice(names))
    if strict and sum(entry.get("default") is True for entry in entries) > 1:
        said = "found multiple indexes with `default = true`; only one index may be marked as default"
        yield ("tool.uv", "index", ""), said


def _index_fault(entry: Table, *, strict: bool) -> str | None:
    name = entry.get("name")
    if "url" not in entry:
        return "missing field `url`"
    if isinstance(name, str) and not INDEX.fullmatch(name):
        return f"index names may only contain letters, digits, hyphens, underscores, and periods: `{plain(name)}`"
    return (
        "an index with `explicit = true` requires a `name`" if strict and not name and entry.get("explicit") else None
    )


def _twice(names: Iterable[str]) -> Iterator[str]:
    return (name for name, times in Counter(names).items() if times > 1)
