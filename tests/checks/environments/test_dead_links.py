"""ENV016 over literal facts."""

from __future__ import annotations

from typing import Any

import pytest

from envdoctor import Evidence, Finding, Fix, Manual, Run, Safety
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.environments.dead_links import DeadLinks, DeadPackages
from envdoctor.facts.project.project import ProjectManager
from envdoctor.testing import assess
from envdoctor_checks.environments.dead_links import packages_lead_nowhere

ROOT = "/home/ann/app/.venv"
LINK, TARGET = f"{ROOT}/lib/python3.12/site-packages/a-1.dist-info/METADATA", "/home/ann/.cache/uv/x/METADATA"
DEAD = DeadPackages(ROOT, f"{ROOT}/bin/python", ("a==1", "b==2", "c==3", "d==4"), LINK, TARGET, near=True)


def judged(dead: DeadPackages | None = DEAD, **builders: Any) -> list[Finding]:
    at_hand = Builders(**{"uv": (0, 13, 9), **builders})
    return assess(packages_lead_nowhere, DeadLinks((dead,) if dead else ()), at_hand)


@pytest.mark.sick("ENV016")
def test_packages_are_installed_again() -> None:
    again = Run("uv", "pip", "install", "--python", f"{ROOT}/bin/python", "--reinstall", *DEAD.packages)
    assert judged() == [
        Finding(
            f"a, b, c and 1 more in {ROOT} cannot be imported: the files are links to nothing",
            where=ROOT,
            evidence=(Evidence(f"a link to {TARGET}, which does not exist", LINK),),
            fix=Fix("Reinstall the packages", again, safety=Safety.CHANGES_STATE),
        )
    ]


@pytest.mark.sick("ENV016")
def test_by_the_projects_manager_or_by_hand() -> None:
    [finding] = judged(manager=ProjectManager.UV, project="/home/ann/app")
    assert finding.fix.actions == (Run("uv", "sync", "--inexact", "--reinstall", directory="/home/ann/app"),)
    [finding] = judged(uv=None)
    assert isinstance(finding.fix.actions[0], Manual)


@pytest.mark.healthy("ENV016")
def test_nothing_is_dead() -> None:
    assert judged(None) == []
