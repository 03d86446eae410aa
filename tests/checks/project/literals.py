"""A project and what can rebuild its environment, as facts."""

from __future__ import annotations

from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.project.project import (
    Claim,
    Project,
    ProjectManager,
)

ROOT = "/home/ann/app"
TXT = f"{ROOT}/requirements.txt"
SHOP = Builders(project=ROOT, requirements=TXT)


def project(manager: ProjectManager = ProjectManager.PIP, *claims: Claim) -> Project:
    return Project(ROOT, None, ROOT, claims, manager)
