"""What has a `uv.lock` not been made from: of the project, and of the other members of its workspace?

uv locks a workspace as a whole, so that a change in any member makes `uv lock --check` fail in all of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.facts.dependencies import workspaces
from envdoctor.facts.dependencies.lock_formats import own_package
from envdoctor.facts.dependencies.uv_lock_requirements import Change, uv_requirement_changes
from envdoctor.facts.dependencies.uv_lock_settings import uv_python_changes, uv_setting_changes
from envdoctor.facts.project.project import Project
from envdoctor.facts.project.pyproject import Pyproject, parse
from envdoctor.facts.python.distributions import normalised
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.system.toml import Document, Table, read_toml, strings, table_at


def uv_changes(project: Project, pyproject: Pyproject, lock: Table, settings: UvSettings | None) -> Iterator[Change]:
    """What changed, and where: first of the project itself. Raises Unreadable."""
    root, manifest = project.workspace_root, read_toml(pyproject.path)
    place = os.path.relpath(project.root, root)
    yield from uv_requirement_changes(lock, place, pyproject, manifest)
    yield from uv_setting_changes(lock, place, manifest, settings)
    members = workspaces.manifests(root)
    yield from uv_python_changes(lock, members or (manifest,))
    for member in members:
        yield from _of_member(lock, root, member, own=member.path == pyproject.path)
    yield from _without(lock, members)


def _of_member(lock: Table, root: str, member: Document, *, own: bool) -> Iterator[Change]:
    """What changed in a member; of the project's `own` manifest only whether the lock knows it."""
    place, name = os.path.relpath(os.path.dirname(member.path), root), workspaces.name_of(member)
    if place != "." and name and own_package(lock, place) is None:
        yield f"does not know the member `{name}`", member.origin("project", "name")
    elif not own:
        yield from uv_requirement_changes(lock, place, parse(member), member)


def _without(lock: Table, members: tuple[Document, ...]) -> Iterator[Change]:
    """The members that are gone."""
    names = set(map(workspaces.name_of, members))
    for name in strings(table_at(lock, "manifest").get("members")):
        if members and normalised(name) not in names:
            yield f"still has the member `{name}`", members[0].path
