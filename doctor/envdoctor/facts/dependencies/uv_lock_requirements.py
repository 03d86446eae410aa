"""Which requirements of the project has a `uv.lock` not been made from, and what else of the project does it not know?

uv keeps what it was made from in the lock, and `uv lock --check` compares. So does this; the clinic holds both against
each other in several versions of uv.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from envdoctor.facts.dependencies.lock_formats import own_package
from envdoctor.facts.project.pyproject import Dependency, DependencySet, Pyproject
from envdoctor.facts.python.distributions import normalised
from envdoctor.system.toml import Document, Table, strings, table_at
from envdoctor.text import pep440, versions
from envdoctor.text.patterns import pattern
from envdoctor.text.requirements import Requirement, read

SOURCES = ("editable", "directory", "virtual", "path", "git", "url")
EXTRA = pattern(r"\bextra == '([^']+)'")
Change = tuple[str, str]


class _Kept(msgspec.Struct):
    """What a lock keeps of all requirements of one name."""

    specifiers: set[str]
    extras: set[frozenset[str]]
    marked: bool = False
    sourced: bool = False


def uv_requirement_changes(lock: Table, place: str, pyproject: Pyproject, manifest: Document) -> Iterator[Change]:
    """What changed, and where; `place` is the project's in its workspace."""
    own = own_package(lock, place)
    if own is None:
        if pyproject.name and place == ".":
            yield f"does not know the project `{pyproject.name}`", manifest.origin("project", "name")
        return
    yield from _identity(own, pyproject, manifest)
    metadata = table_at(own, "metadata")
    entries = metadata.get("requires-dist")
    if "dependencies" not in pyproject.dynamic:
        yield from _changes(pyproject.dependencies, entries, pyproject.path)
    if "optional-dependencies" not in pyproject.dynamic:
        told = strings(metadata.get("provides-extras")) if "provides-extras" in metadata else None
        yield from _sets(pyproject.extras, told, "extra", manifest)
        for extra in pyproject.extras:
            yield from _changes(extra.dependencies, entries, pyproject.path, extra.name)
    kept = table_at(metadata, "requires-dev")
    # the first revision of the format that keeps groups without dependencies
    known = tuple(kept) if isinstance(lock.get("revision"), int) else None
    yield from _sets(pyproject.groups, known, "group", manifest)
    for group in pyproject.groups:
        if group.problem is None and (group.name in kept or group.dependencies):
            yield from _changes(group.dependencies, kept.get(group.name), pyproject.path)


def _identity(own: Table, pyproject: Pyproject, manifest: Document) -> Iterator[Change]:
    """The name and the version of the project itself, and whether it is installed as a package."""
    if pyproject.name and normalised(pyproject.name) != own["name"]:
        yield f"knows the project as `{own['name']}`", manifest.origin("project", "name")
    kept, now = own.get("version"), table_at(manifest.table, "project").get("version")
    if isinstance(kept, str) and isinstance(now, str) and not _is_same_version(kept, now):
        yield f"was made for {kept}, not {now}, of the project", manifest.origin("project", "version")
    package, source = table_at(manifest.table, "tool", "uv").get("package"), table_at(own, "source")
    if isinstance(package, bool) and ("virtual" in source) == package:
        change = "is now installed as a package" if package else "is no longer installed as a package"
        yield f"does not know that the project {change}", manifest.origin("tool.uv", "package")


def _sets(
    now: tuple[DependencySet, ...], known: tuple[str, ...] | None, kind: str, manifest: Document
) -> Iterator[Change]:
    """Extras or groups by their names; nothing where the lock is of a format that does not name them."""
    if known is None:
        return
    kept, names = {normalised(name) for name in known}, {one.name for one in now}
    for one in now:
        if one.name not in kept and not one.dependencies and one.problem is None:
            yield f"does not know the {kind} `{one.name}`", manifest.path
    for name in sorted(kept - names):
        yield f"still has the {kind} `{name}`", manifest.path


def _changes(declared: tuple[Dependency, ...], entries: object, path: str, extra: str = "") -> Iterator[Change]:
    known = _kept(entries, extra)
    asked: dict[str, list[tuple[Requirement, Dependency]]] = {}
    for dependency in declared:
        requirement = read(dependency.text)
        if requirement is None:
            return
        asked.setdefault(normalised(requirement.name), []).append((requirement, dependency))
    for name, requirements in asked.items():
        first = requirements[0][1]
        if name not in known:
            yield f"does not know `{first.text}`", first.origin
        elif what := _difference(known[name], [requirement for requirement, _ in requirements], in_extra=bool(extra)):
            yield f"was made for {what} of `{name}` than `{first.text}`", first.origin
    for name in sorted(known.keys() - asked.keys()):
        yield f"still has `{name}`, which is no longer asked for", path


def _difference(kept: _Kept, now: list[Requirement], *, in_extra: bool) -> str | None:
    """What the lock was made for, if not for these requirements of one name."""
    if not kept.sourced and not any(one.url for one in now) and not _are_same(kept.specifiers, now):
        return "another version"
    if kept.extras != {frozenset(map(normalised, one.extras)) for one in now}:
        return "other extras"
    markers = [one.marker for one in now if one.marker]
    # uv leaves out a marker that always holds, which takes an `or`
    tells = not in_extra and not any(" or " in marker for marker in markers)
    return "another marker" if tells and kept.marked != bool(markers) else None


def _are_same(kept: set[str], now: list[Requirement]) -> bool:
    """Whether these are the same specifiers, however they are written. Nearly all are written alike."""
    asked = {one.specifiers for one in now}
    same = {versions.written(text) if versions.are_plain(text) else text for text in kept} == asked
    return same or set(map(pep440.specifiers, kept)) == set(map(pep440.specifiers, asked))


def _is_same_version(one: str, other: str) -> bool:
    return one == other or pep440.version(one) == pep440.version(other)


def _kept(entries: object, extra: str) -> dict[str, _Kept]:
    """What a lock was made from, for the project itself or for one of its extras, by name."""
    known: dict[str, _Kept] = {}
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            continue
        marker = str(entry.get("marker", ""))
        found = EXTRA.search(marker)
        if (found[1] if found else "") != extra:
            continue
        kept = known.setdefault(normalised(entry["name"]), _Kept(set(), set()))
        kept.specifiers.add(str(entry.get("specifier", "")))
        kept.extras.add(frozenset(map(normalised, strings(entry.get("extras")))))
        kept.marked = kept.marked or bool(marker)
        kept.sourced = kept.sourced or any(source in entry for source in SOURCES)
    return known
