"""Which files of the project does its own tool refuse to work with? Told from the files; the tool is not run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.dependencies import (
    environment_yml,
    lock_refusals,
    manifests,
    pdm_manifests,
    pipenv_manifests,
    poetry_manifests,
    uv_agreement,
    uv_places,
    workspaces,
)
from envdoctor.facts.dependencies.installed_versions import Version, installed_version
from envdoctor.facts.dependencies.refusal import HARMLESS, Refusal, RefusalKind, classified, malformed
from envdoctor.facts.project import pipfile, required_places
from envdoctor.facts.project.project import ClaimKind, Project, ProjectManager
from envdoctor.facts.project.pyproject import Pyproject, parse
from envdoctor.facts.project.requirements_txt import Requirements
from envdoctor.facts.uv.installations import UvCopies
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.system.files import Unreadable
from envdoctor.system.toml import Document, older_fault, read_toml
from envdoctor.text.numbers import whole

IN_OWN_WORDS: Mapping[ProjectManager, Callable[[Document, Version | None], Iterator[tuple[manifests.Place, str]]]] = {
    ProjectManager.POETRY: poetry_manifests.faults,
    ProjectManager.PDM: pdm_manifests.faults,
    ProjectManager.PIPENV: pipenv_manifests.faults,
}
"""Where each fault stands (table, key, within), and what is wrong there."""
CONFIGURATION = ("poetry.toml", "pixi.toml", "hatch.toml", "Pipfile")
PDM_SETTINGS = "pdm.toml"
PIP = "pip"
READS_NEWER = (0, 9, 22)  # the first uv that reads TOML 1.1
# of what is read here; pip has none of these
OWN_LIMITS = (": more than ", ": larger than ")


class ProjectRefusals(Fact, frozen=True):
    """The files of the project that its tool refuses, each once, in the order in which it reads them."""

    refusals: tuple[Refusal, ...] = ()

    def stop(self, project: Project) -> bool:
        """Whether the project's manager refuses what people have written, so that it cannot lock."""
        own = (refusal for refusal in self.refusals if refusal.tool == project.manager.value)
        return any(not refusal.is_lock and refusal.kind not in HARMLESS for refusal in own)


@probe
def probe_project_refusals(
    project: Project,
    pyproject: Pyproject | None,
    requirements: Requirements | None,
    uv: UvCopies | None,
    settings: UvSettings | None,
    commands: Commands | None,
) -> ProjectRefusals:
    """Read what the project's manager reads: its manifest, its settings, its lock."""
    found: list[Refusal] = []
    for refusal in _all(project, pyproject, requirements, uv, settings, commands):
        if not any(refusal.path == known.path for known in found):
            found.append(refusal)
    return ProjectRefusals(tuple(found))


def _all(
    project: Project,
    pyproject: Pyproject | None,
    requirements: Requirements | None,
    uv: UvCopies | None,
    settings: UvSettings | None,
    commands: Commands | None,
) -> Iterator[Refusal]:
    tool, manager = project.manager.value, project.manager
    version = _version(manager, uv, commands)
    for path in _manifests(project):
        yield from malformed(tool, path, read_toml)
        if not _reads_newer(manager, version):
            yield from _in_newer_toml(tool, path)
    if project.pyproject and pyproject:
        for line, said in manifests.faults(read_toml(project.pyproject), pyproject, manager, version):
            yield Refusal(tool, project.pyproject, said, RefusalKind.CONTENT, line)
    yield from _in_own_words(project, version)
    if manager is ProjectManager.UV:
        for path, line, said in workspaces.faults(project.workspace_root, version):
            yield Refusal(tool, path, said, RefusalKind.MEMBER, line)
        for path, line, said in workspaces.contradictions(project.workspace_root):
            yield Refusal(tool, path, *classified(path, said, line))
        yield from _of_uv_workspace(project, version, settings)
    yield from lock_refusals.of_locks(project, uv)
    yield from _of_requirements(requirements) if requirements else ()
    described = environment_yml.path_of(project)
    if described:
        yield from _of_conda(described)


def _version(manager: ProjectManager, uv: UvCopies | None, commands: Commands | None) -> Version | None:
    """The version of the project's manager, as far as it decides what is refused."""
    if manager is ProjectManager.UV:
        return uv.first.version if uv else None
    if manager not in IN_OWN_WORDS:
        return None
    program = commands.first(manager.value) if commands else None
    return installed_version(program.real, manager.value) if program else None


def _in_own_words(project: Project, version: Version | None) -> Iterator[Refusal]:
    """What a manager refuses of its own manifest, if it has words of its own for that."""
    faults = IN_OWN_WORDS.get(project.manager)
    path = os.path.join(project.root, pipfile.NAME) if project.manager is ProjectManager.PIPENV else project.pyproject
    if faults is None or path is None:
        return
    try:
        document = read_toml(path)
    except Unreadable:  # which is told by another word
        return
    for place, said in faults(document, version):
        kind = RefusalKind.TOOL if place[1] == poetry_manifests.REQUIRED else RefusalKind.CONTENT
        yield Refusal(project.manager.value, path, said, kind, manifests.line_of(document.origin(*place)))


def _of_uv_workspace(project: Project, version: Version | None, settings: UvSettings | None) -> Iterator[Refusal]:
    """What uv refuses of the whole workspace: the shape of each manifest, and what these ask for in vain."""
    found = workspaces.manifests(project.workspace_root)
    for manifest in found:
        if manifest.path != project.pyproject:
            for line, said in manifests.faults(manifest, parse(manifest), project.manager, version, own=False):
                yield Refusal(project.manager.value, manifest.path, said, RefusalKind.CONTENT, line)
    for faults in (uv_places.faults, uv_agreement.faults) if found else ():
        for path, line, said in faults(found, settings):
            yield Refusal(project.manager.value, path, said, RefusalKind.CONTENT, line)


def _of_conda(described: str) -> Iterator[Refusal]:
    if fault := environment_yml.fault(described):
        number, reason = fault
        yield Refusal("conda", described, *classified(described, reason, number))
    for number, said, slip in sorted(environment_yml.ignored(described), key=lambda one: not one[2]):
        yield Refusal("conda", described, said, RefusalKind.MISSPELT if slip else RefusalKind.IGNORED, number)


def _reads_newer(manager: ProjectManager, version: tuple[int, ...] | None) -> bool:
    """Whether TOML 1.1 is read; `version` is uv's. What nobody can tell is taken for granted."""
    return manager is ProjectManager.UV and (version is None or version >= READS_NEWER)


def _in_newer_toml(tool: str, path: str) -> Iterator[Refusal]:
    """What only TOML 1.1 allows. Tools written in Python read what their Python reads."""
    try:
        found = older_fault(read_toml(path).text)
    except Unreadable:
        return
    if found:
        line, said = found
        since = "" if tool == ProjectManager.UV.value else ", and Python reads that from 3.15 on"
        yield Refusal(tool, path, f"{said}; only TOML 1.1 allows it{since}", RefusalKind.NEWER, line)


def _manifests(project: Project) -> Iterator[str]:
    """The files in TOML that people write for the project's manager."""
    if project.pyproject:
        yield project.pyproject
    for claim in project.claims_of(project.manager):
        if claim.kind is ClaimKind.FILE and os.path.basename(claim.path) in CONFIGURATION:
            yield claim.path
    settings = os.path.join(project.root, PDM_SETTINGS)  # which pdm reads, and which makes no project one of pdm's
    if project.manager is ProjectManager.PDM and os.path.isfile(settings):
        yield settings


def _of_requirements(requirements: Requirements) -> Iterator[Refusal]:
    if requirements.problem and not any(limit in requirements.problem for limit in OWN_LIMITS):
        yield _of_pip(requirements.problem)
    for path, line, said in required_places.faults(requirements):
        yield Refusal(PIP, path, said, RefusalKind.CONTENT, line)


def _of_pip(problem: str) -> Refusal:
    """`file:line: reason`, which may have no line."""
    place, _, said = problem.partition(": ")
    path, _, number = place.rpartition(":")
    if (line := whole(number)) is None:
        path, line = place, 0
    return Refusal(PIP, path, *classified(path, said, line))
