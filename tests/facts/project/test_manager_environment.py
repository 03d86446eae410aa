from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.project.manager_environment import ManagedEnvironment, probe_managed_environment
from envdoctor.facts.project.pipenv import PipenvChoice, PipenvEnvironment
from envdoctor.facts.project.poetry import PoetryChoice, PoetryEnvironment
from envdoctor.facts.project.project import Project, ProjectManager
from tests.facts.project.environment_world import write

pytestmark = pytest.mark.tools


POETRY = PoetryEnvironment(PoetryChoice.CACHED, "/cache/x")


PIPENV = PipenvEnvironment(PipenvChoice.OWN, "/space/x", exists=True, own="/space/x", own_exists=True)


NOT_MADE = PipenvEnvironment(PipenvChoice.OWN, "/space/x", exists=False, own="/space/x", own_exists=False)


@pytest.mark.parametrize(
    ("manager", "poetry", "pipenv", "managed"),
    [
        (ProjectManager.POETRY, POETRY, None, (True, "/cache/x")),
        (ProjectManager.POETRY, PoetryEnvironment(PoetryChoice.NOT_MADE, None), None, (True, None)),
        (ProjectManager.POETRY, PoetryEnvironment(PoetryChoice.NO_CREATION, None), None, (False, None)),
        (ProjectManager.PIPENV, None, PIPENV, (True, "/space/x")),
        (ProjectManager.PIPENV, None, NOT_MADE, (True, None)),
        (ProjectManager.PIXI, None, None, (True, None)),
        (ProjectManager.PDM, None, None, (False, None)),
        (ProjectManager.UV, None, None, (False, None)),
        (ProjectManager.PIP, POETRY, PIPENV, (False, None)),
    ],
)
def test_managers_decide_for_their_own_projects(
    manager: ProjectManager,
    poetry: PoetryEnvironment | None,
    pipenv: PipenvEnvironment | None,
    managed: tuple[bool, str | None],
) -> None:
    seen = probe_managed_environment(Project("/nowhere", manager=manager), None, poetry, pipenv, None)
    assert seen == ManagedEnvironment(manager, *managed, real=managed[1])


def test_what_it_really_is_stands_beside_its_name(tmp_path: Path) -> None:
    (tmp_path / "space").mkdir()
    (tmp_path / "link").symlink_to("space")
    poetry = PoetryEnvironment(PoetryChoice.CACHED, str(tmp_path / "link"))
    project = Project("/nowhere", manager=ProjectManager.POETRY)
    seen = probe_managed_environment(project, None, poetry, None, None)
    assert (seen.root, seen.real) == (str(tmp_path / "link"), str(tmp_path / "space"))


def test_pdm_has_written_down_its_python(tmp_path: Path) -> None:
    python = write(tmp_path / "env/bin/python", "")
    write(tmp_path / ".pdm-python", f"{python}\n")
    project = Project(str(tmp_path), manager=ProjectManager.PDM)
    assert probe_managed_environment(project, None, None, None, None).root == str(tmp_path / "env")
    python.unlink()
    assert not probe_managed_environment(project, None, None, None, None).decides
