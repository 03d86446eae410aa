"""What does a well-formed `pyproject.toml` say that the project's manager refuses?"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor.facts.dependencies import pdm_manifests, uv_manifests
from envdoctor.facts.dependencies.installed_versions import Version
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.project.pyproject import DependencySet, Pyproject
from envdoctor.facts.project.requirements_txt import invalid
from envdoctor.facts.python.distributions import normalised
from envdoctor.system.toml import Document, has_table, strings, table_at
from envdoctor.text import versions
from envdoctor.text.numbers import whole
from envdoctor.text.plain import plain

# the first that reads `[dependency-groups]`: older ones pass over it
READS_GROUPS = {ProjectManager.POETRY: (2, 2), ProjectManager.PDM: pdm_manifests.READS_GROUPS}
CHECK_GROUPS = (ProjectManager.UV, ProjectManager.POETRY)  # pdm has words of its own
Fault = tuple[int, str]
Place = tuple[str, str, str]
"""A table, a key of it, and a text within its value: what `Document.origin` takes."""


def faults(
    document: Document,
    pyproject: Pyproject,
    manager: ProjectManager,
    version: Version | None = None,
    *,
    own: bool = True,
) -> Iterator[Fault]:
    """The line, 0 if unknown, and what is wrong there; first what is refused first.

    `version` is that of the installed manager; the manifest may be that of another member than the project's `own`.
    """
    if manager is ProjectManager.UV:
        for place, said in uv_manifests.faults(document, version):
            yield line_of(document.origin(*place)), said
    yield from _project(document, manager)
    groups = _read_groups(document, pyproject, READS_GROUPS.get(manager), version)
    yield from _requirements(pyproject, groups)
    if manager in CHECK_GROUPS:
        yield from (_split(group.problem) for group in groups if group.problem)
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


def _read_groups(
    document: Document, pyproject: Pyproject, since: Version | None, version: Version | None
) -> list[DependencySet]:
    """The groups that the manager looks at: of one that does not know the standard's, only its own."""
    if since is None or version is None or version >= since:
        return list(pyproject.groups)
    standard = {plain(normalised(name)) for name in table_at(document.table, "dependency-groups")}
    return [group for group in pyproject.groups if group.name not in standard]


def _requirements(pyproject: Pyproject, groups: list[DependencySet]) -> Iterator[Fault]:
    sets = (pyproject.dependencies, *(extra.dependencies for extra in pyproject.extras))
    for dependencies in (*sets, *(group.dependencies for group in groups)):
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
