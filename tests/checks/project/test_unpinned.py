from __future__ import annotations

from typing import Any

import msgspec
import pytest

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
)
from envdoctor.facts.dependencies.refusal import Refusal, RefusalKind
from envdoctor.facts.dependencies.refusals import ProjectRefusals
from envdoctor.facts.project.pipfile import Pipfile
from envdoctor.facts.project.project import (
    Claim,
    ClaimKind,
    ProjectManager,
)
from envdoctor.facts.project.pyproject import Dependency, Pyproject
from envdoctor.facts.project.requirements_txt import RequiredPackage, RequirementForm, Requirements
from envdoctor.testing import assess
from envdoctor_checks.project.unpinned import unpinned_requirements
from tests.checks.project.literals import ROOT, SHOP, TXT, project


def required(*texts: str, **more: Any) -> Requirements:
    forms = {True: RequirementForm.DIRECT, False: RequirementForm.NAMED}
    packages = tuple(RequiredPackage(text, f"{TXT}:1", forms["@" in text]) for text in texts)
    return Requirements(TXT, packages, **more)


@pytest.mark.sick("PRJ007")
def test_requirements_that_nothing_pins() -> None:
    shop = msgspec.structs.replace(SHOP, uv=(0, 13))
    assert assess(unpinned_requirements, project(), required("rich", "idna>=3"), shop) == [
        Finding(
            f"nothing pins what {TXT} asks for: rich can be any version",
            Fix(
                "Record the versions in a lock file, and install from that",
                Run("uv", "pip", "compile", "--quiet", TXT, "--output-file", f"{ROOT}/requirements.lock"),
                safety=Safety.CHANGES_STATE,
            ),
            TXT,
            (Evidence("rich", f"{TXT}:1"), Evidence("idna>=3", f"{TXT}:1")),
        )
    ]
    [finding] = assess(unpinned_requirements, project(), required("idna>=3", "rich"), SHOP)
    assert finding.message.endswith("idna>=3 can be more than one version")
    [finding] = assess(unpinned_requirements, project(), required("rich; python_version > '3.8'"), SHOP)
    assert finding.message.endswith("can be any version")
    assert isinstance(finding.fix.actions[0], Manual)


@pytest.mark.sick("PRJ007")
def test_a_manager_that_has_not_locked() -> None:
    asked = Pyproject("p", "app", dependencies=(Dependency("rich", "p:3"),))
    [finding] = assess(unpinned_requirements, project(ProjectManager.UV), asked, SHOP)
    assert finding.fix.actions == (Run("uv", "lock", directory=ROOT),)
    pipfile = Pipfile("P", (Dependency("rich", "P:2"),))
    [finding] = assess(unpinned_requirements, project(ProjectManager.PIPENV), pipfile, SHOP)
    assert finding.evidence == (Evidence("rich", "P:2"),)


@pytest.mark.healthy("PRJ007")
@pytest.mark.parametrize(
    "requirements",
    [
        required("rich==14"),
        required("rich", "idna==3 ; python_version > '3'"),
        required("rich===14"),
        required("rich @ https://host/rich.whl"),
        required(),
        required("rich", others=(f"{ROOT}/requirements.lock",)),
        required("rich", others=(f"{ROOT}/requirements.in",)),
        required("rich", others=(f"{ROOT}/constraints.txt",)),
        required("rich", constraints=(RequiredPackage("rich==14", "c:1"),)),
        required("rich", problem="x:1: bad"),
    ],
)
def test_requirements_that_are_pinned(requirements: Requirements) -> None:
    assert assess(unpinned_requirements, project(), requirements, SHOP) == []


@pytest.mark.healthy("PRJ007")
def test_a_library_must_not_pin_and_a_lock_does() -> None:
    library = Pyproject("p", "lib", dependencies=(Dependency("rich", "p:3"),), builds=True)
    assert assess(unpinned_requirements, project(ProjectManager.POETRY), library, required("rich"), SHOP) == []
    lock = Claim(ProjectManager.UV, ClaimKind.LOCK, f"{ROOT}/uv.lock")
    assert assess(unpinned_requirements, project(ProjectManager.UV, lock), required("rich"), SHOP) == []
    assert assess(unpinned_requirements, project(ProjectManager.UV), Pyproject("p", "app"), SHOP) == []


@pytest.mark.healthy("PRJ007")
def test_what_the_manager_refuses_comes_first() -> None:
    asked = Pyproject("p", "app", dependencies=(Dependency("rich", "p:3"),))
    refused = ProjectRefusals((Refusal("uv", f"{ROOT}/pyproject.toml", "no", RefusalKind.CONTENT),))
    assert assess(unpinned_requirements, project(ProjectManager.UV), asked, SHOP, refused) == []
    assert assess(unpinned_requirements, project(ProjectManager.PDM), asked, SHOP, refused) != []
