from __future__ import annotations

from typing import Any

import pytest

from envdoctor import Unavailable
from envdoctor.facts.dependencies.lock import LockChange, LockedPackage, ProjectLock
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.packages.managed import ManagedPackages, probe_managed_packages
from envdoctor.facts.project.environment import EnvironmentSource, ProjectEnvironment
from envdoctor.facts.project.manager_environment import ManagedEnvironment
from envdoctor.facts.project.project import Project, ProjectManager

ROOT = "/proj/.venv"
PACKAGES = (LockedPackage("beta", "2.0", ("",)), LockedPackage("docs", "1.0", ("docs",)))


def kept(
    manager: ProjectManager = ProjectManager.POETRY,
    *,
    root: str | None = ROOT,
    used: str = ROOT,
    builders: Builders | None = None,
    place: str = "/proj",
    **lock: Any,
) -> ManagedPackages:
    return probe_managed_packages(
        Project(place, manager=manager),
        ManagedEnvironment(manager, decides=root is not None, root=root),
        ProjectEnvironment(root=used, source=EnvironmentSource.MANAGER, python=f"{used}/bin/python", version=(3, 11)),
        ProjectLock(lock.pop("manager", manager), "/proj/lock", PACKAGES, **lock),
        builders or Builders(manager, "/proj", locked=True),
    )


def test_what_the_lock_wants_for_the_project_itself() -> None:
    assert kept() == ManagedPackages(ProjectManager.POETRY, "/proj", ("beta",))
    member = kept(ProjectManager.UV, builders=Builders(ProjectManager.UV, "/proj", uv=(0, 9)), place="/proj/one")
    assert (member.directory, member.member) == ("/proj", "/proj/one")


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ({"manager": ProjectManager.PIP}, "no manager"),
        ({"manager": ProjectManager.HATCH}, "no manager"),
        ({"root": None}, "no manager"),
        ({"used": "/other"}, "works in another environment"),
        ({"changes": (LockChange("is old", "/proj/pyproject.toml"),)}, "no lock that is up to date"),
        ({"builders": Builders(ProjectManager.POETRY, "/proj", missing="poetry")}, "does not run here"),
        ({"manager": ProjectManager.UV, "builders": Builders(ProjectManager.UV, "/proj")}, "does not run here"),
    ],
)
def test_where_no_manager_answers_for_the_packages(case: dict[str, Any], reason: str) -> None:
    with pytest.raises(Unavailable, match=reason):
        kept(**case)
