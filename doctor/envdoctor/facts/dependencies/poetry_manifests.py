"""What does poetry refuse of its own tables in a well-formed `pyproject.toml`? In the words of poetry 1.8 to 2.5."""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.facts.dependencies import poetry_groups, poetry_projects
from envdoctor.facts.dependencies.installed_versions import Version
from envdoctor.facts.project import poetry_constraints
from envdoctor.facts.python.distributions import normalised
from envdoctor.system.files import is_there
from envdoctor.system.toml import Document, Table, strings, table_at
from envdoctor.text import pep440
from envdoctor.text.plain import plain
from envdoctor.text.versions import is_version

KNOWN = (2, 6)  # what this poetry and later ones know, nobody knows yet
REQUIRES_POETRY = READS_PROJECT = (2, 0)  # the first that reads them
READS_INCLUDES = (2, 2)
OWN = "tool.poetry"
REQUIRED = "requires-poetry"
KEYS = (
    *("authors", "build", "build-constraints", "classifiers", "dependencies", "description", "dev-dependencies"),
    *("documentation", "exclude", "extras", "group", "homepage", "include", "keywords", "license", "maintainers"),
    *("name", "package-mode", "packages", "plugins", "readme", "repository", "requires-plugins", "requires-poetry"),
    *("scripts", "source", "urls", "version"),
)
LISTS = ("classifiers", "keywords")
PRIORITIES = ("primary", "default", "secondary", "supplemental", "explicit")
PYPI = "pypi"
Place = tuple[str, str, str]


def faults(document: Document, version: Version | None) -> Iterator[tuple[Place, str]]:
    """Where each stands (table, key, within), and what is wrong with it; `version` is that of the installed poetry."""
    poetry = table_at(document.table, "tool", "poetry")
    yield from _required(poetry, version)
    yield from _shapes(poetry, version)
    yield from _sources(poetry)
    if "project" not in document.table:
        yield from _extras(poetry)
    elif version is None or version >= READS_PROJECT:
        yield from poetry_projects.faults(table_at(document.table, "project"), poetry)
    if version is None or version >= READS_INCLUDES:
        yield from poetry_groups.faults(document.table)
    names = {str(source.get("name")).lower() for source in _entries(poetry)} | {PYPI}
    for table, entries in _dependencies(poetry):
        for name, entry in entries.items():
            for one in entry if isinstance(entry, list) else [entry]:
                if said := _dependency_fault(document, name, one, names):
                    yield (table, name, ""), said
    for readme in _readmes(poetry):
        if not is_there(os.path.join(os.path.dirname(document.path), readme)):
            yield (OWN, "readme", readme), f"declared README file does not exist: {plain(readme)}"


def _required(poetry: Table, version: Version | None) -> Iterator[tuple[Place, str]]:
    required = poetry.get(REQUIRED)
    if version is None or version < REQUIRES_POETRY or not isinstance(required, str):
        return
    here = ".".join(map(str, version))
    sets = [pep440.specifiers(text) for text in poetry_constraints.alternatives(required) or ()]
    if sets and all(pep440.admits(one, here) is False for one in sets):
        said = f"this project requires Poetry {plain(required)}, but you are using Poetry {here}"
        yield (OWN, REQUIRED, ""), said


def _shapes(poetry: Table, version: Version | None) -> Iterator[tuple[Place, str]]:
    for key in poetry if version is not None and version < KNOWN else ():
        if key not in KEYS:
            yield (OWN, key, ""), f"additional properties are not allowed (`{plain(key)}` was unexpected)"
    own = poetry.get("version")
    if isinstance(own, str) and not is_version(own):
        yield (OWN, "version", ""), f"invalid version `{plain(own)}`"
    if not isinstance(poetry.get("package-mode", True), bool):
        yield (OWN, "package-mode", ""), "tool.poetry.package-mode must be boolean"
    for name, script in table_at(poetry, "scripts").items():
        if not isinstance(script, str | dict):
            yield (f"{OWN}.scripts", name, ""), f"tool.poetry.scripts.{plain(name)} must be valid by one definition"
    yield from _lists(poetry)


def _lists(poetry: Table) -> Iterator[tuple[Place, str]]:
    for key in LISTS:
        if not isinstance(poetry.get(key, []), list):
            yield (OWN, key, ""), f"tool.poetry.{key} must be array"
    for name, extra in table_at(poetry, "extras").items():
        if not isinstance(extra, list):
            yield (f"{OWN}.extras", name, ""), f"tool.poetry.extras.{plain(name)} must be array"


def _extras(poetry: Table) -> Iterator[tuple[Place, str]]:
    asked = {normalised(name) for name in table_at(poetry, "dependencies")}
    for extra, names in table_at(poetry, "extras").items():
        for name in strings(names):
            if normalised(name) not in asked:
                said = f"cannot find dependency `{plain(name)}` for extra `{plain(extra)}` in main dependencies"
                yield (f"{OWN}.extras", extra, ""), said


def _entries(poetry: Table) -> tuple[Table, ...]:
    entries = poetry.get("source")
    return tuple(entry for entry in (entries if isinstance(entries, list) else ()) if isinstance(entry, dict))


def _sources(poetry: Table) -> Iterator[tuple[Place, str]]:
    seen: set[str] = set()
    for entry in _entries(poetry):
        name = entry.get("name")
        if not isinstance(name, str):
            continue
        place = (OWN, "source", name)
        if "url" not in entry and name.lower() != PYPI:
            yield place, f"missing [url] in source `{plain(name)}`"
        if isinstance(priority := entry.get("priority"), str) and priority.lower() not in PRIORITIES:
            yield place, f"the priority of source `{plain(name)}` must be one of {', '.join(PRIORITIES)}"
        if name.lower() in seen:
            yield place, f"a repository with name {plain(name)} was already added"
        seen.add(name.lower())


def _dependencies(poetry: Table) -> Iterator[tuple[str, Table]]:
    """The tables in which packages are asked for."""
    for key in ("dependencies", "dev-dependencies"):
        yield f"{OWN}.{key}", table_at(poetry, key)
    for group in table_at(poetry, "group"):
        yield f"{OWN}.group.{group}.dependencies", table_at(poetry, "group", group, "dependencies")


def _dependency_fault(document: Document, name: str, entry: object, sources: set[str]) -> str | None:
    if not isinstance(entry, str | dict):
        return f"the dependency `{plain(name)}` must be valid by one definition"
    asked = entry if isinstance(entry, dict) else {"version": entry}
    version, path, source = asked.get("version"), asked.get("path"), asked.get("source")
    if isinstance(version, str) and poetry_constraints.is_refused(version):
        return f"could not parse version constraint: {plain(version)}"
    if isinstance(path, str) and not is_there(os.path.join(os.path.dirname(document.path), path)):
        return f"path {plain(path)} for {plain(name)} does not exist"
    if isinstance(source, str) and source.lower() not in sources:
        return f"repository `{plain(source)}` does not exist"
    return None


def _readmes(poetry: Table) -> Iterator[str]:
    readme = poetry.get("readme")
    for one in readme if isinstance(readme, list) else [readme]:
        if isinstance(one, str):
            yield one
