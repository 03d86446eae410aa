"""What does a uv project ask for, and what does uv know around it: the workspace, sources, names of indexes?

Nothing is said of what only a build of the project tells.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from envdoctor.facts.dependencies import workspaces
from envdoctor.facts.project.pyproject import DependencySet, parse
from envdoctor.facts.python.distributions import normalised
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.system.toml import Document, Table, strings, table_at
from envdoctor.text.numbers import whole
from envdoctor.text.requirements import Requirement, read

Fault = tuple[str, int, str]
SOURCES = "tool.uv.sources"
NO_SOURCES = "no-sources"
LISTS = ("constraint-dependencies", "override-dependencies")


class Asked(msgspec.Struct, frozen=True):
    """One package that a manifest asks for.

    Attributes:
        name: normalised.
        origin: `file:line`.
        extra: for which extra; nothing if for none.
        group: the same of a group.
        address: where it is to be had, if that is said.
        specifiers: which versions will do.
        marked: whether a marker limits it.
    """

    name: str
    origin: str
    extra: str = ""
    group: str = ""
    address: str = ""
    specifiers: str = ""
    marked: bool = False

    @property
    def always(self) -> bool:
        """Whether it is asked for whatever extras and groups are."""
        return not self.extra and not self.group


class Source(msgspec.Struct, frozen=True):
    """A source of a package: the manifest that has it, and what it says."""

    manifest: Document
    key: str
    said: Table

    @property
    def origin(self) -> str:
        """Where it stands."""
        return self.manifest.origin(SOURCES, self.key)


class Ground(msgspec.Struct, frozen=True):
    """What uv knows around a manifest: the root of its workspace, and the names of its members and indexes."""

    root: Document
    names: frozenset[str]
    indexes: frozenset[str]
    ignores_sources: bool

    def sources(self, manifest: Document, asked: Asked) -> tuple[Source, ...] | None:
        """The sources of a package; None if it has none. The manifest's own count, else those of the root."""
        for document in () if self.ignores_sources else (manifest, self.root):
            for key, said in table_at(document.table, "tool", "uv", "sources").items():
                if normalised(key) == asked.name:
                    tables = (one for one in (said if isinstance(said, list) else [said]) if isinstance(one, dict))
                    return tuple(Source(document, key, one) for one in tables if _applies(one, asked))
        return None


def ground_of(manifests: tuple[Document, ...], settings: UvSettings | None) -> Ground:
    """What is known around manifests of one workspace, the root first."""
    named = [manifest for manifest in manifests if workspaces.name_of(manifest)]
    return Ground(
        manifests[0],
        frozenset(map(workspaces.name_of, named)),
        frozenset(_of_variables(settings)),
        _ignores_sources(settings),
    )


def _ignores_sources(settings: UvSettings | None) -> bool:
    """Whether uv is told to pass over sources, if only those of some packages."""
    if settings is None:
        return False
    said = any(value.key.startswith(NO_SOURCES) and value.value != "false" for value in settings.values)
    return said or any(variable.name.startswith("UV_NO_SOURCES") for variable in settings.variables)


def _of_variables(settings: UvSettings | None) -> Iterator[str]:
    """The names of indexes that variables bring along. Those of uv's own files do not count here."""
    for variable in ("UV_INDEX", "UV_DEFAULT_INDEX"):
        for word in ((settings.variable(variable) if settings else None) or "").split():
            name, named, _ = word.partition("=")
            if named:
                yield name


def _applies(source: Table, asked: Asked) -> bool:
    places = (("extra", asked.extra), ("group", asked.group))
    return all(normalised(source[key]) == here for key, here in places if isinstance(source.get(key), str))


def asked_for(manifest: Document, *, is_root: bool = False) -> Iterator[Asked]:
    """All that a manifest asks for without a build; of the root what it limits too."""
    pyproject = parse(manifest)
    if "dependencies" not in pyproject.dynamic:
        yield from _asked(DependencySet("", pyproject.dependencies))
    for extra in () if "optional-dependencies" in pyproject.dynamic else pyproject.extras:
        yield from _asked(extra, extra=extra.name)
    for group in pyproject.groups:
        yield from _asked(group, group=group.name)
    settings = table_at(manifest.table, "tool", "uv")
    for key in LISTS if is_root else ():
        for text in strings(settings.get(key)):
            if requirement := read(text):
                yield _of(requirement, manifest.origin("tool.uv", key, text))


def _asked(one: DependencySet, extra: str = "", group: str = "") -> Iterator[Asked]:
    for dependency in one.dependencies:
        if requirement := read(dependency.text):
            yield _of(requirement, dependency.origin, extra, group)


def _of(requirement: Requirement, origin: str, extra: str = "", group: str = "") -> Asked:
    return Asked(
        normalised(requirement.name),
        origin,
        extra,
        group,
        requirement.url,
        requirement.specifiers,
        marked=bool(requirement.marker),
    )


def fault(origin: str, said: str) -> Fault:
    """The file, the line, 0 if unknown, and what is wrong there."""
    path, _, number = origin.rpartition(":")
    line = whole(number)
    return (origin, 0, said) if line is None else (path, line, said)
