"""Which environment a project is said to use, with real environments of uv and everything that is known of managers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.project.environment import EnvironmentSource, InstalledPackages, ProjectEnvironment
from envdoctor.facts.python.distributions import read_installed
from envdoctor.facts.venv.layout import Tool
from tests.facts.project.environment_world import write
from tests.support import make_session, needs_tool, see

pytestmark = pytest.mark.tools


def make(root: Path) -> Path:
    subprocess.run(
        [needs_tool("uv"), "venv", "-q", "--offline", "--no-config", "-p", sys.executable, root],
        check=True,
        cwd=root.parent,
    )
    return root


def look(project: Path, **env: str) -> ProjectEnvironment:
    path = f"{project.parent}/bin:{os.path.dirname(os.path.realpath(sys.executable))}"
    return see(ProjectEnvironment, make_session({"HOME": str(project.parent), "PATH": path, **env}, cwd=project))


def test_the_projects_own_comes_first(project: Path) -> None:
    own, other = make(project / ".venv"), make(project.parent / "other")
    seen = look(project, VIRTUAL_ENV=str(other))
    assert (seen.root, seen.source, seen.tool, seen.answers) == (str(own), EnvironmentSource.OWN, Tool.UV, False)
    assert (seen.version, seen.is_venv) == (sys.version_info[:3], True)
    [packages] = own.glob("lib/python*/site-packages")
    assert seen.directories == (str(packages),)
    assert look(project, PATH=f"{own}/bin").answers


def test_then_what_is_active_then_what_lies_there_then_the_python_that_answers(project: Path) -> None:
    assert look(project).source is EnvironmentSource.BARE
    lying = make(project / "venv")
    seen = look(project)
    assert (seen.root, seen.source) == (str(lying), EnvironmentSource.OWN)
    other = make(project.parent / "other")
    seen = look(project, PATH=f"{other}/bin", VIRTUAL_ENV=str(other))
    assert (seen.root, seen.source) == (str(other), EnvironmentSource.ACTIVE)


def test_an_environment_that_nobody_has_asked_is_read_from_the_disk(project: Path) -> None:
    elsewhere = make(project.parent / "elsewhere")
    write(project / "uv.lock", "")
    seen = look(project, UV_PROJECT_ENVIRONMENT=str(elsewhere), PYTHONPATH=f"{project}/src:relative")
    assert (seen.root, seen.source) == (str(elsewhere), EnvironmentSource.MANAGER)
    assert (seen.version[:2], seen.implementation) == (sys.version_info[:2], "cpython")
    assert seen.directories[0] == f"{project}/src"
    (elsewhere / "bin/python").unlink()
    (elsewhere / "bin/python").symlink_to("/gone/python")
    with pytest.raises(Unavailable):
        look(project, UV_PROJECT_ENVIRONMENT=str(elsewhere))


def test_a_manager_that_has_made_none(project: Path) -> None:
    write(project / "uv.lock", "")
    with pytest.raises(Unavailable, match="uv has made no environment"):
        look(project)


def test_an_environment_that_does_not_start_is_not_judged(project: Path) -> None:
    own = make(project / ".venv")
    (own / "bin/python").unlink()
    write(own / "bin/python", "#!/bin/sh\nexit 1\n").chmod(0o755)
    with pytest.raises(Unavailable):
        look(project, VIRTUAL_ENV=str(own))
    assert look(project).root == str(own)  # it is not active: nobody has tried to start it


def test_an_environment_of_pixi(project: Path) -> None:
    write(project / "pixi.toml", "")
    root = project / ".pixi/envs/default"
    write(root / "lib/python3.12/site-packages/x-1.dist-info/METADATA", "Name: x\n")
    write(root / "conda-meta/history", "")
    seen = look(project)
    assert (seen.root, seen.version, seen.is_conda, seen.is_venv) == (str(root), (3, 12), True, False)
    assert [package.name for package in read_installed(seen.directories)] == ["x"]
    (root / "lib/python3.12").rename(root / "lib/perl")
    with pytest.raises(Unavailable, match="no Python in"):
        look(project)


def test_what_is_installed(project: Path) -> None:
    own = make(project / ".venv")
    [packages] = own.glob("lib/python*/site-packages")
    write(packages / "x-1.dist-info/METADATA", "Name: x\n")
    session = make_session({"HOME": str(project.parent), "PATH": f"{own}/bin"}, cwd=project)
    assert [package.name for package in see(InstalledPackages, session).packages] == ["x"]
