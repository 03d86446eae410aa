"""What does a well-formed `pyproject.toml` say that the project's manager refuses?"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor.facts.dependencies import uv_manifests
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.project.pyproject import Pyproject
from envdoctor.facts.project.requirements_txt import invalid
from envdoctor.facts.python.distributions import normalised
from envdoctor.system.toml import Document, has_table, strings, table_at
from envdoctor.text import versions
from envdoctor.text.numbers import whole
from envdoctor.text.plain import plain

# pdm has words of its own: `pdm_manifests`
CHECK_GROUPS = (ProjectManager.UV, ProjectManager.POETRY)
Fault = tuple[int, str]


def faults(
    document: Document,
    pyproject: Pyproject,
    manager: ProjectManager,
    uv: tuple[int, ...] | None = None,
    *,
    own: bool = True,
) -> Iterator[Fault]:
    """The line, 0 if unknown, and what is wrong there; first what is refused first.

    `uv` is its version; the manifest may be that of another member than the project's `own`.
    """
    if manager is ProjectManager.UV:
        for place, said in uv_manifests.faults(document, uv):
            yield line_of(document.origin(*place)), said
    yield from _project(document, manager)
    yield from _requirements(pyproject)
    if manager in CHECK_GROUPS:
        yield from (_split(group.problem) for group in pyproject.groups if group.problem)
    if manager is ProjectManager.UV and own:
        yield from _default_groups(document)


def _project(document: Document, manager: ProjectManager) -> Iterator[Fault]:
    """The fields of `[project]` that decide whether there is a project at all."""
    project = table_at(document.table, "project")
    requires = project.get("requires-python")
    if isinstance(requires, str) and not versions.are_plain(requires):
        from packaging.specifiers import InvalidSpecifier, SpecifierSet

        try:
            SpecifierSet(requires)
        except InvalidSpecifier:
            yield line_of(document.origin("project", "requires-python")), f"`{plain(requires)}` is no version specifier"
    if not has_table(document.table, "project"):
        return
    if manager is ProjectManager.POETRY and "name" not in project:
        yield 0, "project must contain ['name'] properties"
    if manager is not ProjectManager.UV:
        return
    if "name" not in project:
        yield 0, "the required `project.name` field is not set"
    elif "version" not in project and "version" not in strings(project.get("dynamic")):
        yield 0, "the required `project.version` field is neither set nor present in the `project.dynamic` list"


def _requirements(pyproject: Pyproject) -> Iterator[Fault]:
    sets = (pyproject.dependencies, *(extra.dependencies for extra in pyproject.extras))
    for dependencies in (*sets, *(group.dependencies for group in pyproject.groups)):
        for dependency in dependencies:
            if fault := invalid(dependency.text):
                yield line_of(dependency.origin), fault


def _default_groups(document: Document) -> Iterator[Fault]:
    groups = {normalised(name) for name in table_at(document.table, "dependency-groups")}
    for name in strings(table_at(document.table, "tool", "uv").get("default-groups")):
        if normalised(name) not in groups and normalised(name) != "dev":
            said = f"default group `{plain(name)}` is not defined in the project's `dependency-groups` table"
            yield line_of(document.origin("tool.uv", "default-groups")), said


def _split(problem: str) -> Fault:
    """A problem of a group, `file:line: reason`."""
    place, _, said = problem.partition(": ")
    return line_of(place), said


def line_of(origin: str) -> int:
    """The line of a place `file:line`; 0 if it has none."""
    return whole(origin.rpartition(":")[2]) or 0
