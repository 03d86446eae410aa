from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.environments.strays import StrayFiles, probe_stray_files
from envdoctor.facts.uv.directories import Place
from envdoctor.facts.uv.project import UvProject
from envdoctor.facts.venv.active import ProjectVenv
from tests.support import make_session


def test_what_lies_about_in_the_home_directory(tmp_path: Path) -> None:
    home, project = tmp_path / "home", tmp_path / "home/project"
    project.mkdir(parents=True)
    session = make_session({"HOME": str(home)}, cwd=project)
    near = ProjectVenv(f"{home}/.venv", 1, None)
    uv = UvProject(str(home), str(home), Place(f"{home}/.venv"))
    assert probe_stray_files(session, near, uv) == StrayFiles(
        str(home), f"{home}/.venv", f"{home}/pyproject.toml", project=str(project)
    )
    member = UvProject(str(project), str(home), Place(f"{home}/.venv"))
    assert probe_stray_files(session, None, member).project == str(project)
    settings = UvProject(str(home), str(home), Place(f"{home}/.venv"), has_project_table=False)
    own = ProjectVenv(f"{project}/.venv", 0, None)
    with pytest.raises(Unavailable):
        probe_stray_files(session, own, settings)
    with pytest.raises(Unavailable):
        probe_stray_files(make_session({"HOME": str(home)}, cwd=home), near, uv)
    (home / ".git").mkdir()
    with pytest.raises(Unavailable):
        probe_stray_files(session, near, uv)
