"""Does uv take a project for a member of a workspace above it, and pass over the lock that it has itself?"""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.project.project import PYPROJECT, Project, ProjectManager, matches
from envdoctor.system.files import Unreadable
from envdoctor.system.toml import read_toml, strings, table_at

UV_LOCK = "uv.lock"


class WorkspaceAbove(Fact, frozen=True):
    """The workspace of uv's that a project with a lock of its own belongs to.

    Attributes:
        root: its directory.
        origin: `file:line` of the pattern by which the project is a member.
        pattern: that pattern.
        lock: the project's own lock, which uv does not read.
    """

    root: str
    origin: str
    pattern: str
    lock: str


@probe
def probe_workspace_above(project: Project) -> WorkspaceAbove:
    """Look for a lock beside the project's manifest that is not the workspace's."""
    lock = os.path.join(project.root, UV_LOCK)
    if project.manager is not ProjectManager.UV or project.workspace_root in ("", project.root):
        raise Unavailable("the project is in no workspace of uv's above it")
    if not os.path.isfile(lock):
        raise Unavailable("the project has no uv.lock of its own")
    manifest = os.path.join(project.workspace_root, PYPROJECT)
    try:
        document = read_toml(manifest)
    except Unreadable as unreadable:
        raise Unavailable(str(unreadable)) from unreadable
    inside = os.path.relpath(project.root, project.workspace_root)
    members = strings(table_at(document.table, "tool", "uv", "workspace").get("members"))
    pattern = next((pattern for pattern in members if matches(inside, pattern)), "")
    return WorkspaceAbove(
        project.workspace_root, document.origin("tool.uv.workspace", "members", pattern), pattern, lock
    )
