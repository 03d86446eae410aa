from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.dependencies.declared import (
    DeclaredRequirement,
    DeclaredRequirements,
    ExtraRequirements,
    probe_declared_requirements,
    probe_extra_requirements,
)
from envdoctor.facts.dependencies.environment_yml import CondaSpec, EnvironmentFile
from envdoctor.facts.dependencies.lock import ProjectLock
from envdoctor.facts.project.environment import InstalledPackages
from envdoctor.facts.project.pipfile import Pipfile
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.project.pyproject import Dependency, Pyproject
from envdoctor.facts.project.requirements_txt import RequiredPackage, RequirementForm, Requirements
from envdoctor.facts.python.distributions import Distribution
from tests.support import make_session

PYPROJECT = Pyproject("/p/pyproject.toml", "My_App", dependencies=(Dependency("rich", "p:1"),))
REQUIREMENTS = Requirements(
    "/p/requirements.txt",
    (RequiredPackage("idna", "r:1"), RequiredPackage("./lib", "r:2", RequirementForm.PLACE)),
    (RequiredPackage("idna<4", "c:1"),),
)


def declared(
    manager: ProjectManager,
    pyproject: Pyproject | None = None,
    requirements: Requirements | None = None,
    pipfile: Pipfile | None = None,
    environment_file: EnvironmentFile | None = None,
    lock: ProjectLock | None = None,
) -> DeclaredRequirements:
    project = Project("/p", manager=manager, problem="p:1: bad")
    return probe_declared_requirements(project, pyproject, requirements, pipfile, environment_file, lock)


def test_files_that_a_manager_reads_are_put_together() -> None:
    idna, rich = DeclaredRequirement("idna", "r:1"), DeclaredRequirement("rich", "p:1")
    both = declared(ProjectManager.PIP, PYPROJECT, REQUIREMENTS)
    limits = (DeclaredRequirement("idna<4", "c:1"),)
    assert both == DeclaredRequirements((rich, idna), limits, ("/p/pyproject.toml", "/p/requirements.txt"), "my-app")
    assert declared(ProjectManager.UV, PYPROJECT, REQUIREMENTS).requirements == (rich,)
    assert declared(ProjectManager.CONDA, None, REQUIREMENTS).requirements == (idna,)
    pipfile = Pipfile("/p/Pipfile", (Dependency("six", "P:1"),))
    assert declared(ProjectManager.PIPENV, None, REQUIREMENTS, pipfile).files == ("/p/Pipfile",)


def test_an_environment_file_asks_conda_and_pip() -> None:
    numpy = CondaSpec("numpy", "=2", "e:3")
    file = EnvironmentFile("/p/environment.yml", "ml", (numpy,), (Dependency("rich", "e:5"),))
    seen = declared(ProjectManager.CONDA, environment_file=file)
    assert seen == DeclaredRequirements(
        (DeclaredRequirement("rich", "e:5"),), (), ("/p/environment.yml",), None, (numpy,)
    )


def test_reasons_to_judge_nothing() -> None:
    broken = Requirements("/p/requirements.txt", problem="r:3: no requirement")
    with pytest.raises(Unavailable, match="r:3: no requirement"):
        declared(ProjectManager.PIP, None, broken)
    assert declared(ProjectManager.PIP, PYPROJECT, broken).requirements == (DeclaredRequirement("rich", "p:1"),)
    with pytest.raises(Unavailable, match="p:1: bad"):
        declared(ProjectManager.PIP)
    with pytest.raises(Unavailable, match=r"uv\.lock says"):
        declared(ProjectManager.UV, PYPROJECT, lock=ProjectLock(ProjectManager.UV, "/p/uv.lock"))


def test_extras_are_read_from_the_metadata_of_what_is_installed(tmp_path: Path) -> None:
    record = tmp_path / "httpx-1.dist-info"
    record.mkdir()
    (record / "METADATA").write_text(
        "Name: httpx\nRequires-Dist: idna\nRequires-Dist: socksio==1.*; extra == 'socks'\n\n"
        "Requires-Dist: not-in-the-head; extra == 'socks'\n"
    )
    packages = (Distribution("httpx", "1", str(record)), Distribution("gone", "1", str(tmp_path / "gone")))
    asked = DeclaredRequirements(
        (
            DeclaredRequirement("httpx[socks,http2]", "r:1"),
            DeclaredRequirement("gone[x]", "r:2"),
            DeclaredRequirement("?", "r:3"),
            DeclaredRequirement("a", "r:4"),
        )
    )
    text = "socksio==1.*; extra == 'socks'"
    assert probe_extra_requirements(make_session(), asked, InstalledPackages(packages)) == ExtraRequirements(
        (DeclaredRequirement(text, "r:1", "http2"), DeclaredRequirement(text, "r:1", "socks"))
    )
