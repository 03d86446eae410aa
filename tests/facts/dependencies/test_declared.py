from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.dependencies.declared import (
    Demand,
    Demands,
    ExtraDemands,
    probe_demands,
    probe_extra_demands,
)
from envdoctor.facts.dependencies.environment_yml import CondaSpec, EnvironmentFile
from envdoctor.facts.dependencies.lock import ProjectLock
from envdoctor.facts.project.environment import InstalledPackages
from envdoctor.facts.project.pipfile import Pipfile
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.project.pyproject import Dependency, Pyproject
from envdoctor.facts.project.requirements_txt import RequiredPackage, RequirementForm, Requirements
from envdoctor.facts.python.distributions import Distribution

PYPROJECT = Pyproject("/p/pyproject.toml", "My_App", dependencies=(Dependency("rich", "p:1"),))
REQUIREMENTS = Requirements(
    "/p/requirements.txt",
    (RequiredPackage("idna", "r:1"), RequiredPackage("./lib", "r:2", RequirementForm.PLACE)),
    (RequiredPackage("idna<4", "c:1"),),
)


def demands(
    manager: ProjectManager,
    pyproject: Pyproject | None = None,
    requirements: Requirements | None = None,
    pipfile: Pipfile | None = None,
    environment_file: EnvironmentFile | None = None,
    lock: ProjectLock | None = None,
) -> Demands:
    project = Project("/p", manager=manager, problem="p:1: bad")
    return probe_demands(project, pyproject, requirements, pipfile, environment_file, lock)


def test_files_that_a_manager_reads_are_put_together() -> None:
    idna, rich = Demand("idna", "r:1"), Demand("rich", "p:1")
    both = demands(ProjectManager.PIP, PYPROJECT, REQUIREMENTS)
    limits = (Demand("idna<4", "c:1"),)
    assert both == Demands((rich, idna), limits, ("/p/pyproject.toml", "/p/requirements.txt"), "my-app")
    assert demands(ProjectManager.UV, PYPROJECT, REQUIREMENTS).demands == (rich,)
    assert demands(ProjectManager.CONDA, None, REQUIREMENTS).demands == (idna,)
    pipfile = Pipfile("/p/Pipfile", (Dependency("six", "P:1"),))
    assert demands(ProjectManager.PIPENV, None, REQUIREMENTS, pipfile).files == ("/p/Pipfile",)


def test_an_environment_file_asks_conda_and_pip() -> None:
    numpy = CondaSpec("numpy", "=2", "e:3")
    file = EnvironmentFile("/p/environment.yml", "ml", (numpy,), (Dependency("rich", "e:5"),))
    seen = demands(ProjectManager.CONDA, environment_file=file)
    assert seen == Demands((Demand("rich", "e:5"),), (), ("/p/environment.yml",), None, (numpy,))


def test_reasons_to_judge_nothing() -> None:
    broken = Requirements("/p/requirements.txt", problem="r:3: no requirement")
    with pytest.raises(Unavailable, match="r:3: no requirement"):
        demands(ProjectManager.PIP, None, broken)
    assert demands(ProjectManager.PIP, PYPROJECT, broken).demands == (Demand("rich", "p:1"),)
    with pytest.raises(Unavailable, match="p:1: bad"):
        demands(ProjectManager.PIP)
    with pytest.raises(Unavailable, match=r"uv\.lock says"):
        demands(ProjectManager.UV, PYPROJECT, lock=ProjectLock(ProjectManager.UV, "/p/uv.lock"))


def test_extras_are_read_from_the_metadata_of_what_is_installed(tmp_path: Path) -> None:
    record = tmp_path / "httpx-1.dist-info"
    record.mkdir()
    (record / "METADATA").write_text(
        "Name: httpx\nRequires-Dist: idna\nRequires-Dist: socksio==1.*; extra == 'socks'\n\n"
        "Requires-Dist: not-in-the-head; extra == 'socks'\n"
    )
    packages = (Distribution("httpx", "1", str(record)), Distribution("gone", "1", str(tmp_path / "gone")))
    asked = Demands(
        (Demand("httpx[socks,http2]", "r:1"), Demand("gone[x]", "r:2"), Demand("?", "r:3"), Demand("a", "r:4"))
    )
    text = "socksio==1.*; extra == 'socks'"
    assert probe_extra_demands(asked, InstalledPackages(packages)) == ExtraDemands(
        (Demand(text, "r:1", "http2"), Demand(text, "r:1", "socks"))
    )
