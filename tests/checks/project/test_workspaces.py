from __future__ import annotations

import pytest

from envdoctor import Evidence, Finding, Fix, Run, Safety
from envdoctor.engine.fact import Unavailable
from envdoctor.facts.dependencies.workspace_above import WorkspaceAbove, probe_workspace_above
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.testing import assess
from envdoctor_checks.project.workspaces import workspace_takes_project_over

ROOT = "/home/ann/work"
LOCK = f"{ROOT}/app/uv.lock"


@pytest.mark.sick("PRJ009")
def test_a_lock_that_uv_does_not_read() -> None:
    above = WorkspaceAbove(ROOT, f"{ROOT}/pyproject.toml:3", "*", LOCK)
    assert assess(workspace_takes_project_over, above) == [
        Finding(
            f"uv does not read {LOCK}: the workspace {ROOT} takes the project for a member",
            Fix(
                "Move the lock aside, or exclude the project from the workspace",
                Run("mv", "-n", "--", LOCK, f"{LOCK}.old"),
                safety=Safety.CHANGES_STATE,
                undo=(Run("mv", "-n", "--", f"{LOCK}.old", LOCK),),
            ),
            LOCK,
            (
                Evidence("members has `*`", f"{ROOT}/pyproject.toml:3"),
                Evidence("this lock is read instead", f"{ROOT}/uv.lock"),
            ),
        )
    ]


@pytest.mark.healthy("PRJ009")
@pytest.mark.parametrize(
    "project",
    [
        Project(f"{ROOT}/app", None, f"{ROOT}/app", (), ProjectManager.UV),
        Project(f"{ROOT}/app", None, ROOT, (), ProjectManager.UV),
        Project(f"{ROOT}/app", None, ROOT, (), ProjectManager.POETRY),
    ],
)
def test_a_member_without_a_lock_of_its_own(project: Project) -> None:
    with pytest.raises(Unavailable):
        probe_workspace_above(project)
