"""A project's files, and what its manager refuses of them."""

from __future__ import annotations

from pathlib import Path

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.dependencies.refusal import Refusal
from envdoctor.facts.dependencies.refusals import probe_project_refusals
from envdoctor.facts.project.project import Claim, ClaimKind, Project, ProjectManager
from envdoctor.facts.project.pyproject import probe_pyproject
from envdoctor.facts.project.requirements_txt import probe_requirements
from envdoctor.facts.uv.installations import UvCopies, UvCopy

POETRY, UV = ProjectManager.POETRY, ProjectManager.UV
CONFLICT = "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\n"
PROJECT = '[project]\nname = "app"\nversion = "1"\n'


def copies(*version: int) -> UvCopies:
    return UvCopies((UvCopy("/bin/uv", "/bin/uv", version),))


def refused(root: Path, manager: ProjectManager = UV, version: tuple[int, ...] = (0, 13, 9)) -> list[Refusal]:
    """What is refused of the files in a directory."""
    pdm, pipenv = ProjectManager.PDM, ProjectManager.PIPENV
    names = {"uv.lock": UV, "poetry.lock": POETRY, "pdm.lock": pdm, "Pipfile.lock": pipenv}
    locks = [Claim(owner, ClaimKind.LOCK, str(root / name)) for name, owner in names.items() if (root / name).exists()]
    files = {"Pipfile": ProjectManager.PIPENV, "poetry.toml": POETRY, "environment.yml": ProjectManager.CONDA}
    own = [Claim(owner, ClaimKind.FILE, str(root / name)) for name, owner in files.items() if (root / name).exists()]
    manifest = str(root / "pyproject.toml") if (root / "pyproject.toml").exists() else None
    project = Project(str(root), manifest, str(root), (*locks, *own), manager)
    try:
        pyproject = probe_pyproject(project)
    except Unavailable:
        pyproject = None
    requirements = probe_requirements(project) if (root / "requirements.txt").exists() else None
    found = probe_project_refusals(project, pyproject, requirements, copies(*version), None, None).refusals
    return list(found)


def said(root: Path, manager: ProjectManager = UV, version: tuple[int, ...] = (0, 13, 9)) -> list[tuple[int, str]]:
    return [(refusal.line, refusal.said) for refusal in refused(root, manager, version)]
