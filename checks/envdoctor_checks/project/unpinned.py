"""PRJ: is anything there that pins what an application depends on?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename, dirname, join

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.dependencies.refusals import ProjectRefusals
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.project.pipfile import Pipfile
from envdoctor.facts.project.project import ClaimKind, Project, ProjectManager
from envdoctor.facts.project.pyproject import Pyproject
from envdoctor.facts.project.requirements_txt import RequiredPackage, RequirementForm, Requirements
from envdoctor.text.patterns import pattern

PINNED = pattern(r"===?\s*[0-9A-Za-z.+!-]+\s*(?:[;,)]|$)")
LIMIT = pattern(r"[<>~!=]=?\s*[0-9]")
PINNING_FILES = pattern(r"lock|freeze|frozen|pinned|constraints", re.IGNORECASE)
LOCKERS = (ProjectManager.UV, ProjectManager.POETRY, ProjectManager.PIPENV, ProjectManager.PDM)


@check("PRJ007", severity=Severity.INFO, since="0.1")
def unpinned_requirements(
    project: Project,
    pyproject: Pyproject | None,
    requirements: Requirements | None,
    pipfile: Pipfile | None,
    builders: Builders,
    refusals: ProjectRefusals | None,
) -> Iterator[Finding]:
    """Nothing pins the versions of what this application depends on.

    ## Why it matters
    What is installed tomorrow, or on another machine, is not what was tested here. When it breaks, nobody can say which
    package has changed.

    ## How to fix
    Keep a lock file beside the files that say what is wanted, and install from it.

    ## Not a problem when
    The project is a library, which must not pin; a lock, a constraints file or exact versions are there. Of a file
    that its manager refuses, so that it cannot lock, PRJ008 tells.
    """
    if refusals and refusals.stop(project):
        return
    if any(claim.kind is ClaimKind.LOCK for claim in project.claims) or (pyproject and pyproject.builds):
        return
    if requirements and requirements.problem is None and _is_unpinned(requirements):
        named = [package for package in requirements.packages if package.form is RequirementForm.NAMED]
        yield Finding(
            f"nothing pins what {requirements.path} asks for: {named[0].text} {_admits(named[0])}",
            _compile(requirements.path, builders),
            requirements.path,
            tuple(Evidence(package.text, package.origin) for package in named[:3]),
        )
    elif project.manager in LOCKERS and not requirements and (asked := _asked(pyproject, pipfile)):
        manager = project.manager.value
        yield Finding(
            f"{manager} has made no lock file for {project.root}, so nothing pins what it depends on",
            Fix("Lock the project", Run(manager, "lock", directory=project.root), safety=Safety.CHANGES_STATE),
            asked.origin,
            (asked,),
        )


def _is_unpinned(requirements: Requirements) -> bool:
    """Whether no requirement is exact, and no other file stands by that could make it so."""
    beside = dirname(requirements.path)
    others = [basename(path) for path in requirements.others if dirname(path) == beside]
    if any(PINNING_FILES.search(name) or name.endswith(".in") for name in others) or requirements.constraints:
        return False
    named = [package for package in requirements.packages if package.form is RequirementForm.NAMED]
    return bool(named) and not any(map(_is_pinned, requirements.packages))


def _is_pinned(package: RequiredPackage) -> bool:
    return package.hashed or package.form is RequirementForm.DIRECT or PINNED.search(package.text) is not None


def _admits(package: RequiredPackage) -> str:
    """What a requirement that is not exact leaves open."""
    return "can be more than one version" if LIMIT.search(package.text.partition(";")[0]) else "can be any version"


def _compile(path: str, builders: Builders) -> Fix:
    lock = join(dirname(path), "requirements.lock")
    if builders.uv is None:
        text = f"Write what `python -m pip freeze` prints to {lock}, and install from that with `pip install -r`"
        return Fix("Record the versions that work", Manual(text))
    compiled = Run("uv", "pip", "compile", "--quiet", path, "--output-file", lock)
    return Fix("Record the versions in a lock file, and install from that", compiled, safety=Safety.CHANGES_STATE)


def _asked(pyproject: Pyproject | None, pipfile: Pipfile | None) -> Evidence | None:
    """Where the project says that it depends on something."""
    declared = (*(pipfile.packages if pipfile else ()), *(pyproject.dependencies if pyproject else ()))
    return next((Evidence(dependency.text, dependency.origin) for dependency in declared), None)
