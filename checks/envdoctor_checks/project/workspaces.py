"""PRJ: does a workspace above take the project over?"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import join

from envdoctor import Evidence, Finding, Fix, Safety, Severity, check
from envdoctor.facts.dependencies.workspace_above import UV_LOCK, WorkspaceAbove
from envdoctor_checks.common.moves import aside, moved_back


@check("PRJ009", severity=Severity.WARNING, since="0.1")
def workspace_takes_project_over(above: WorkspaceAbove) -> Iterator[Finding]:
    """Uv takes the project for a member of a workspace above it, and passes over the project's own lock.

    ## Why it matters
    `uv sync`, `uv lock` and `uv run` work with the lock and the environment of the workspace. The project's own
    `uv.lock` looks as if it counted, and nothing reads it: what it says is neither installed nor kept up to date.

    ## How to fix
    Move the lock aside if the project belongs to the workspace. If it does not, add its directory to `exclude` in the
    workspace's `[tool.uv.workspace]`.

    ## Not a problem when
    The member has no lock of its own, as is usual; it is excluded; or it has a workspace of its own.
    """
    moved = aside(above.lock)
    yield Finding(
        f"uv does not read {above.lock}: the workspace {above.root} takes the project for a member",
        Fix(
            "Move the lock aside, or exclude the project from the workspace",
            moved,
            safety=Safety.CHANGES_STATE,
            undo=moved_back(moved),
        ),
        above.lock,
        (
            Evidence(f"members has `{above.pattern}`", above.origin),
            Evidence("this lock is read instead", join(above.root, UV_LOCK)),
        ),
    )
