"""What does pipenv refuse of a well-formed `Pipfile`? In the words of pipenv 2026, which end most often in a traceback.

pipenv checks the shape before every command, in each version since 2022. A requirement or a path stops it only when it
locks. An index name that no source has is passed over: pipenv then asks the first source.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.facts.dependencies.installed_versions import Version
from envdoctor.facts.project.pipfile import ADDRESSES, specifier
from envdoctor.facts.project.requirements_txt import invalid
from envdoctor.system.files import is_there
from envdoctor.system.toml import Document, Table, table_at
from envdoctor.text.plain import plain

SECTIONS = ("source", "requires", "scripts", "pipfile", "pipenv")  # all others hold packages
STRICT, KNOWN = (2026, 9), (2026, 11)  # from the first on, keys of a package are checked; nobody knows the last's yet
KEYS = (
    *("git", "svn", "hg", "bzr", "ref", "subdirectory", "name", "version", "extras", "editable", "markers"),
    *("os_markers", "hashes", "index", "no_binary", "pip_args", "skip_resolver", "path", "file", "os_name"),
    *("sys_platform", "platform_machine", "platform_python_implementation", "platform_release", "platform_system"),
    *("platform_version", "python_version", "python_full_version", "implementation_name", "implementation_version"),
)
TYPES = {"name": str, "url": str, "verify_ssl": bool}
OF_PACKAGE = {"editable": bool, "version": str, "extras": list}
Place = tuple[str, str, str]


def faults(document: Document, version: Version | None) -> Iterator[tuple[Place, str]]:
    """Where each stands (table, key, within), and what is wrong with it; `version` is that of the installed pipenv."""
    yield from _sources(document.table.get("source", []))
    for table, keys, kind in (
        ("requires", ("python_version", "python_full_version"), str),
        ("pipenv", ("allow_prereleases",), bool),
    ):
        section = table_at(document.table, table)
        yield from (((table, *place), said) for place, said in _types(section, dict.fromkeys(keys, kind)))
    strict = version is not None and STRICT <= version < KNOWN
    for table, entries in document.table.items():
        for name, entry in entries.items() if isinstance(entries, dict) and table not in SECTIONS else ():
            if said := _shape(name, entry, strict=strict) or _requirement(document, name, entry):
                yield (table, name, ""), said


def _sources(sources: object) -> Iterator[tuple[Place, str]]:
    if not isinstance(sources, list):
        yield ("", "source", ""), "missing required field: name (the sources are a list of tables, `[[source]]`)"
        return
    for source in sources:
        entry = source if isinstance(source, dict) else {}
        place = ("", "source", str(entry.get("name", entry.get("url", ""))))
        for key in ("name", "url"):
            if key not in entry:
                yield place, f"missing required field: {key}"
        yield from ((place, said) for _, said in _types(entry, TYPES))


def _types(table: Table, types: dict[str, type]) -> Iterator[tuple[tuple[str, str], str]]:
    for key, kind in types.items():
        if key in table and not isinstance(table[key], kind):
            yield (key, ""), f"invalid type for field {key}: {type(table[key]).__name__}, not {kind.__name__}"


def _shape(name: str, entry: object, *, strict: bool) -> str | None:
    """What is wrong with the kind of an entry, which no command of pipenv gets over."""
    if not isinstance(entry, str | dict):
        return f"invalid type for package data: {type(entry).__name__} (`{plain(name)}`)"
    if isinstance(entry, str):
        return None
    wrong = next((said for _, said in _types(entry, OF_PACKAGE)), None)
    unknown = [key for key in entry if key not in KEYS] if strict else []
    return wrong or (f"unrecognized Pipfile option(s): {', '.join(map(plain, sorted(unknown)))}" if unknown else None)


def _requirement(document: Document, name: str, entry: object) -> str | None:
    """Why an entry of the right kind cannot be locked."""
    asked: Table = entry if isinstance(entry, dict) else {"version": entry}
    version, markers = str(asked.get("version", "*")), asked.get("markers")
    if any(key in asked for key in ADDRESSES):
        path = asked.get("path")
        if not isinstance(path, str) or is_there(os.path.join(os.path.dirname(document.path), path)):
            return None
        return f"`{plain(name)}` looks like a path, and {plain(path)} does not exist"
    return invalid(f"{name}{specifier(version)}" + (f" ; {markers}" if isinstance(markers, str) else ""))
