"""What does the project ask to be installed, by its requirements file and its `pyproject.toml`?"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.dependencies.environment_yml import CondaSpec, EnvironmentFile
from envdoctor.facts.dependencies.lock import ProjectLock
from envdoctor.facts.project.environment import InstalledPackages
from envdoctor.facts.project.pipfile import Pipfile
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.project.pyproject import Pyproject
from envdoctor.facts.project.requirements_txt import RequirementForm, Requirements
from envdoctor.facts.python import metadata
from envdoctor.facts.python.distributions import Distribution, normalised, sites
from envdoctor.system.files import Unreadable
from envdoctor.system.session import Session
from envdoctor.text.requirements import read

# Where another manager has its own files, a requirements file beside them is made from those, for others.
READ_WITH = (ProjectManager.PIP, ProjectManager.CONDA, ProjectManager.HATCH)


class DeclaredRequirement(Fact, frozen=True):
    """One requirement, as PEP 508 says it, and where it stands. An `extra` is what its marker is evaluated for."""

    text: str
    origin: str
    extra: str = ""


class DeclaredRequirements(Fact, frozen=True):
    """What must be installed for the project to run.

    Attributes:
        requirements: what it asks for.
        limits: what else has to hold for each of these that is installed.
        files: the files that say so.
        own: the project's own name, normalised; None if it has none.
        conda: what is asked of conda.
    """

    requirements: tuple[DeclaredRequirement, ...]
    limits: tuple[DeclaredRequirement, ...] = ()
    files: tuple[str, ...] = ()
    own: str | None = None
    conda: tuple[CondaSpec, ...] = ()


class ExtraRequirements(Fact, frozen=True):
    """What installed packages need for the extras with which they are asked for."""

    requirements: tuple[DeclaredRequirement, ...] = ()


@probe
def probe_declared_requirements(
    project: Project,
    pyproject: Pyproject | None,
    requirements: Requirements | None,
    pipfile: Pipfile | None,
    environment_file: EnvironmentFile | None,
    lock: ProjectLock | None,
) -> DeclaredRequirements:
    """Put together what the files say, unless there is a lock, which says it more exactly."""
    if lock:
        raise Unavailable(f"{lock.path} says what must be installed")
    declared = [
        DeclaredRequirement(dependency.text, dependency.origin)
        for dependency in (pyproject.dependencies if pyproject else ())
    ]
    files = [pyproject.path] if pyproject and declared else []
    limits: list[DeclaredRequirement] = []
    if pipfile and project.manager is ProjectManager.PIPENV:
        declared += [DeclaredRequirement(package.text, package.origin) for package in pipfile.packages]
        files.append(pipfile.path)
    if requirements and project.manager in READ_WITH:
        if requirements.problem and not declared:
            raise Unavailable(requirements.problem)
        named = (package for package in requirements.packages if package.form is not RequirementForm.PLACE)
        declared += [DeclaredRequirement(package.text, package.origin) for package in named]
        limits = [DeclaredRequirement(package.text, package.origin) for package in requirements.constraints]
        files.append(requirements.path)
    specs = environment_file.specs if environment_file else ()
    if environment_file:
        declared += [DeclaredRequirement(package.text, package.origin) for package in environment_file.packages]
        files.append(environment_file.path)
    if not declared and not specs:
        raise Unavailable(project.problem or "the project asks for no package")
    own = normalised(pyproject.name) if pyproject and pyproject.name else None
    return DeclaredRequirements(tuple(declared), tuple(limits), tuple(files), own, specs)


@probe
def probe_extra_requirements(
    session: Session, declared: DeclaredRequirements, installed: InstalledPackages
) -> ExtraRequirements:
    """Read the metadata of those packages that are asked for with extras."""
    packages = {package.name: package for package in installed.packages}
    found: list[DeclaredRequirement] = []
    for requirement in declared.requirements:
        parsed = read(requirement.text)
        package = packages.get(normalised(parsed.name)) if parsed else None
        if parsed and package and parsed.extras:
            needed = tuple(_requires(session, package))
            for extra in parsed.extras:
                found += [DeclaredRequirement(text, requirement.origin, extra) for text in needed if _belongs(text)]
    return ExtraRequirements(tuple(found))


def _requires(session: Session, package: Distribution) -> Iterator[str]:
    try:
        headers = sites(session).headers(package)
    except Unreadable:
        return
    yield from metadata.fields(headers, b"Requires-Dist")


def _belongs(text: str) -> bool:
    """Whether a requirement depends on an extra; the others are not what was asked for."""
    return "extra" in text.partition(";")[2]
