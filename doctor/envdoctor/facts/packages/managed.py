"""The packages that the manager of a project installs from its lock: to change them is its business."""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.dependencies.lock import ProjectLock
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.project.environment import ProjectEnvironment
from envdoctor.facts.project.manager_environment import ManagedEnvironment
from envdoctor.facts.project.project import Project, ProjectManager

MAIN = ""
MANAGERS = (ProjectManager.UV, ProjectManager.POETRY, ProjectManager.PDM, ProjectManager.PIPENV, ProjectManager.PIXI)


class ManagedPackages(Fact, frozen=True):
    """What a manager keeps in the project's environment.

    Attributes:
        manager: the manager, whose command runs here.
        directory: where its command is run.
        names: the packages that its lock wants for the project itself, not for a group alone.
        member: the project's own directory, if it is a member of a workspace whose lock that is.
    """

    manager: ProjectManager
    directory: str
    names: tuple[str, ...]
    member: str | None = None


@probe
def probe_managed_packages(
    project: Project,
    managed: ManagedEnvironment,
    environment: ProjectEnvironment,
    lock: ProjectLock,
    builders: Builders,
) -> ManagedPackages:
    """Take them from the lock, where that is up to date and its manager works in an environment of its own."""
    manager = managed.manager
    if manager not in MANAGERS or not managed.root or not managed.decides or builders.project is None:
        raise Unavailable("no manager keeps the project's environment")
    if os.path.realpath(managed.root) != os.path.realpath(environment.root):
        raise Unavailable(f"{manager.value} works in another environment")
    if lock.manager is not manager or lock.changes:
        raise Unavailable(f"{manager.value} has no lock that is up to date")
    if builders.missing or (manager is ProjectManager.UV and builders.uv is None):
        raise Unavailable(f"{manager.value} does not run here")
    names = tuple(package.name for package in lock.packages if MAIN in package.groups)
    member = project.root if project.root != builders.project else None
    return ManagedPackages(manager, builders.project, names, member)
