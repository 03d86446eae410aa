"""What does the project's `pyproject.toml` declare, in the standard's form or in poetry's?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.project import poetry_constraints
from envdoctor.facts.project.project import Project
from envdoctor.facts.python.distributions import normalised
from envdoctor.system.files import Unreadable
from envdoctor.system.toml import (
    Document,
    Table,
    has_table,
    read_toml,
    strings,
    table_at,
)
from envdoctor.text import limits, pep440
from envdoctor.text.plain import is_plain, plain

DEVELOPMENT = "dev"


class RequiresPython(Fact, frozen=True):
    """The Pythons that a project runs on.

    Attributes:
        text: as it is written.
        alternatives: the same as PEP 440 specifier sets, of which one must hold.
        origin: `file:line`.
    """

    text: str
    alternatives: tuple[str, ...]
    origin: str


class Dependency(Fact, frozen=True):
    """One package that is asked for.

    Attributes:
        text: what is asked for, as PEP 508 says it; poetry's own form is translated. Of what is no requirement, the
            words.
        origin: `file:line`.
    """

    text: str
    origin: str


def dependency(text: str, origin: str) -> Dependency:
    """A package that is asked for. Where nobody understands the text, not all of it is kept."""
    return Dependency(text if is_plain(text) or pep440.requirement(text) else plain(text), origin)


class DependencySet(Fact, frozen=True):
    """A group or an extra: dependencies that are installed together.

    Attributes:
        name: its name, normalised; of an extra, which nobody asks for by it, in plain words.
        dependencies: what it asks for, with what the groups that it includes ask for.
        default: whether the project's manager installs it unless it is told not to.
        problem: what is wrong with the group; None if nothing is.
    """

    name: str
    dependencies: tuple[Dependency, ...] = ()
    default: bool = False
    problem: str | None = None


class Pyproject(Fact, frozen=True):
    """What the project declares.

    Attributes:
        path: the file.
        name: of the project, as it is written; None if it has none.
        requires_python: the Pythons that it runs on; None if it does not say, or in a form that nobody knows.
        dependencies: what it needs to run.
        groups: what its developers need.
        extras: what it can be installed with.
        dynamic: the fields that only a build can tell.
        builds: whether it has a build system, so that it can be installed as a package.
    """

    path: str
    name: str | None = None
    requires_python: RequiresPython | None = None
    dependencies: tuple[Dependency, ...] = ()
    groups: tuple[DependencySet, ...] = ()
    extras: tuple[DependencySet, ...] = ()
    dynamic: tuple[str, ...] = ()
    builds: bool = False


@probe(where=("Project.pyproject",), otherwise="the project has no pyproject.toml")
def probe_pyproject(project: Project) -> Pyproject:
    """Read the project's `pyproject.toml`."""
    try:
        return parse(read_toml(project.pyproject or ""))
    except Unreadable as unreadable:
        raise Unavailable(str(unreadable)) from unreadable


def parse(document: Document) -> Pyproject:
    """What a `pyproject.toml` declares."""
    table = document.table
    standard, poetry = table_at(table, "project"), table_at(table, "tool", "poetry")
    name = standard.get("name", poetry.get("name"))
    in_poetry = "dependencies" in poetry and "dependencies" not in standard
    return Pyproject(
        document.path,
        name if isinstance(name, str) else None,
        _requires_python(document, standard, table_at(poetry, "dependencies")),
        tuple(
            _of_poetry(document, poetry.get("dependencies"), "tool.poetry.dependencies")
            if in_poetry
            else _of_array(document, standard.get("dependencies"), "project", "dependencies")
        ),
        (*_groups(document), *_poetry_groups(document, poetry)),
        tuple(
            DependencySet(
                plain(normalised(extra)), tuple(_of_array(document, items, "project.optional-dependencies", extra))
            )
            for extra, items in table_at(standard, "optional-dependencies").items()
        ),
        strings(standard.get("dynamic")),
        has_table(table, "build-system"),
    )


def _requires_python(document: Document, standard: Table, poetry: Table) -> RequiresPython | None:
    text = standard.get("requires-python")
    if isinstance(text, str):
        text = plain(text)
        return RequiresPython(text, (text,), document.origin("project", "requires-python"))
    text = poetry.get("python")
    if isinstance(text, str) and (sets := poetry_constraints.alternatives(text)):
        return RequiresPython(text, sets, document.origin("tool.poetry.dependencies", "python"))
    return None


def _of_array(document: Document, items: object, table: str, key: str) -> Iterator[Dependency]:
    for item in strings(items):
        yield dependency(item, document.origin(table, key, item))


def _of_poetry(document: Document, entries: object, table: str) -> Iterator[Dependency]:
    for name, value in entries.items() if isinstance(entries, dict) else ():
        if name.lower() != "python":
            for text in poetry_constraints.requirements(name, value):
                yield dependency(text, document.origin(table, name))


def _groups(document: Document) -> Iterator[DependencySet]:
    """The standard's dependency groups, and those that managers had before there was a standard."""
    groups = table_at(document.table, "dependency-groups")
    chosen = table_at(document.table, "tool", "uv").get("default-groups", [DEVELOPMENT])
    defaults = {normalised(name) for name in strings(chosen)}
    names = {normalised(name): name for name in groups}
    room = limits.GROUPED
    older = table_at(document.table, "tool", "uv").get("dev-dependencies")
    legacy = tuple(_of_array(document, older, "tool.uv", "dev-dependencies"))  # uv adds them to the standard's
    for short, name in names.items():
        found, problem = _flat(document, groups, names, (short,), set())
        room -= len(found)
        if room < 0:
            found, problem = (), f"the groups come to more than {limits.GROUPED:,} dependencies"
        default = chosen == "all" or short in defaults or _wants_every_group(document.table, name)
        if short == DEVELOPMENT:
            found = (*found, *legacy)
        yield DependencySet(
            plain(short), found, default, problem and f"{document.origin('dependency-groups', name)}: {problem}"
        )
    if DEVELOPMENT not in names and isinstance(older, list):
        yield DependencySet(DEVELOPMENT, legacy, default=True)
    for name, items in table_at(document.table, "tool", "pdm", "dev-dependencies").items():
        found = tuple(_of_array(document, items, "tool.pdm.dev-dependencies", name))
        yield DependencySet(plain(normalised(name)), found, default=True)


def _wants_every_group(table: Table, name: str) -> bool:
    """Whether the manager installs all groups but those that are declared optional, as pdm and poetry do."""
    optional = table_at(table, "tool", "poetry", "group", name).get("optional") is True
    managers = (has_table(table, "tool", "pdm"), has_table(table, "tool", "poetry"))
    return any(managers) and not optional and not has_table(table, "tool", "uv")


def _flat(
    document: Document, groups: dict[str, Any], names: dict[str, str], path: tuple[str, ...], done: set[str]
) -> tuple[tuple[Dependency, ...], str | None]:
    """The dependencies of the group at the end of a path of inclusions, and what is wrong with it.

    Those that are `done` are in already: to include one more often adds nothing.
    """
    name = names[path[-1]]
    items = groups[name]
    found: list[Dependency] = []
    for item in items if isinstance(items, list) else ():
        if isinstance(item, str):
            found.append(dependency(item, document.origin("dependency-groups", name, item)))
            continue
        other = item.get("include-group") if isinstance(item, dict) else None
        included = normalised(other) if isinstance(other, str) else None
        if included not in names:
            return tuple(found), f"failed to find group `{plain(str(other or item))}` included by `{name}`"
        if included in path:
            return tuple(found), f"detected a cycle in `dependency-groups`: `{name}` -> `{names[included]}`"
        if len(path) == limits.GROUPS_DEEP:
            return tuple(found), f"the group {name} is included more than {limits.GROUPS_DEEP} deep"
        if included not in done:
            more, problem = _flat(document, groups, names, (*path, included), done)
            found += more
            if problem:
                return tuple(found), problem
    done.add(path[-1])
    return tuple(found), None


def _poetry_groups(document: Document, poetry: Table) -> Iterator[DependencySet]:
    for name, group in table_at(poetry, "group").items():
        table = f"tool.poetry.group.{name}.dependencies"
        if isinstance(group, dict):
            found = tuple(_of_poetry(document, group.get("dependencies"), table))
            yield DependencySet(plain(normalised(name)), found, group.get("optional") is not True)
    if legacy := poetry.get("dev-dependencies"):
        found = tuple(_of_poetry(document, legacy, "tool.poetry.dev-dependencies"))
        yield DependencySet(DEVELOPMENT, found, default=True)
