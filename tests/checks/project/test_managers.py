"""PRJ005, PRJ006: the managers of a project."""

from __future__ import annotations

import pytest

from envdoctor import (
    Activate,
    Deactivate,
    Evidence,
    Finding,
    Fix,
    Manager,
    Manual,
    Run,
    Safety,
    Severity,
)
from envdoctor.facts.commands.commands import Commands, Hit
from envdoctor.facts.commands.resolve import HitKind
from envdoctor.facts.dependencies.lock import LockContent, LockedVersion, SeveralLocks
from envdoctor.facts.environments.condition import Condition, VenvConditions
from envdoctor.facts.project.environment import InstalledPackages
from envdoctor.facts.project.pipenv import PipenvChoice, PipenvEnvironment
from envdoctor.facts.project.poetry import PoetryChoice, PoetryEnvironment
from envdoctor.facts.project.project import (
    Claim,
    ClaimKind,
    Project,
    ProjectManager,
)
from envdoctor.facts.python.distributions import Distribution
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.venv.layout import Venv
from envdoctor.testing import assess
from envdoctor_checks.common.deactivation import deactivation
from envdoctor_checks.project.managers import managers_compete, poetry_or_pipenv_elsewhere

ROOT = "/home/ann/app"
UV, POETRY = ProjectManager.UV, ProjectManager.POETRY
OWN, OTHER = f"{ROOT}/.venv", "/home/ann/envs/other"


def project(manager: ProjectManager, *claims: Claim) -> Project:
    return Project(ROOT, None, ROOT, claims, manager)


def lock(manager: ProjectManager, **versions: str) -> LockContent:
    packages = tuple(LockedVersion(name, tuple(version.split())) for name, version in versions.items())
    return LockContent(manager, f"{ROOT}/{manager.value}.lock", packages)


def commands(*names: str) -> Commands:
    paths = ((name, f"/bin/{name}") for name in names)
    return Commands(tuple(Hit(name, path, 0, path, HitKind.NATIVE) for name, path in paths))


def claim(manager: ProjectManager, kind: ClaimKind = ClaimKind.LOCK) -> Claim:
    return Claim(manager, kind, f"{ROOT}/{manager.value}.lock")


@pytest.mark.sick("PRJ005")
def test_locks_that_contradict_each_other() -> None:
    locks = SeveralLocks((lock(UV, rich="14.0", idna="3 4", only="1"), lock(POETRY, rich="13.0", idna="4", more="1")))
    assert assess(managers_compete, project(UV), locks, commands("uv")) == [
        Finding(
            "uv.lock and poetry.lock lock rich at 14.0 and at 13.0",
            Fix(
                "Keep the lock of uv, and move the other aside",
                Run("mv", "-n", "--", f"{ROOT}/poetry.lock", f"{ROOT}/poetry.lock.old"),
                safety=Safety.CHANGES_STATE,
                undo=(Run("mv", "-n", "--", f"{ROOT}/poetry.lock.old", f"{ROOT}/poetry.lock"),),
            ),
            f"{ROOT}/uv.lock",
            (
                Evidence("uv has locked the project", f"{ROOT}/uv.lock"),
                Evidence("poetry has locked it too", f"{ROOT}/poetry.lock"),
            ),
        )
    ]


@pytest.mark.sick("PRJ005")
def test_of_many_contradictions_the_first_are_named() -> None:
    locks = SeveralLocks((lock(UV, a="1", b="1", c="1", d="1", e="1"), lock(POETRY, a="2", b="2", c="2", d="2", e="2")))
    [finding] = assess(managers_compete, project(UV), locks, commands("uv"))
    assert finding.message.endswith("c at 1 and at 2 and 2 more")


@pytest.mark.sick("PRJ005")
@pytest.mark.parametrize(
    ("at_hand", "action"),
    [
        (("uv", "pipx"), Run("uv", "tool", "install", "poetry")),
        (("pipx",), Run("pipx", "install", "poetry")),
        ((), Manual("Install poetry as its documentation says, outside of the project")),
    ],
)
def test_the_manager_of_the_lock_is_not_installed(at_hand: tuple[str, ...], action: Run | Manual) -> None:
    [finding] = assess(managers_compete, project(POETRY, claim(POETRY)), commands(*at_hand))
    assert finding.severity is Severity.INFO
    assert finding.message == f"{ROOT}/poetry.lock belongs to poetry, which is not installed"
    assert finding.fix.actions == (action,)


@pytest.mark.healthy("PRJ005")
def test_managers_that_agree() -> None:
    locks = SeveralLocks((lock(UV, rich="14.0 13.0"), lock(POETRY, rich="13.0", old="1")))
    assert assess(managers_compete, project(UV, claim(UV), claim(POETRY)), locks, commands("uv")) == []


@pytest.mark.healthy("PRJ005")
def test_a_manager_that_is_not_needed_or_is_there_as_a_module() -> None:
    poetry = claim(POETRY)
    as_module = InstalledPackages((Distribution("poetry", "2", "/sp/poetry-2.dist-info"),))
    exported = claim(ProjectManager.PIP, ClaimKind.FILE)
    assert assess(managers_compete, project(POETRY, poetry), commands(), as_module) == []
    assert assess(managers_compete, project(POETRY, poetry, exported), commands()) == []
    assert assess(managers_compete, project(POETRY), commands()) == []
    assert assess(managers_compete, project(ProjectManager.PIP), commands()) == []


def conda(*, base: bool) -> CondaActivation:
    return CondaActivation(prefix="/opt/conda", real="/opt/conda", is_base=base)


@pytest.mark.sick("PRJ006")
def test_poetry_works_in_what_is_active() -> None:
    seen = PoetryEnvironment(PoetryChoice.VIRTUAL_ENV, OTHER, (OWN,), is_own=False)
    assert assess(poetry_or_pipenv_elsewhere, project(POETRY), seen) == [
        Finding(
            f"poetry uses the active environment {OTHER} instead of the project's own {OWN}",
            Fix("Deactivate the environment and activate the project's own", *deactivation(OTHER), Activate(OWN)),
            "VIRTUAL_ENV",
            (Evidence(OTHER, "VIRTUAL_ENV"), Evidence(f"{OWN} exists", OWN)),
        )
    ]


@pytest.mark.sick("PRJ006")
def test_poetry_works_in_a_conda_environment() -> None:
    seen = PoetryEnvironment(PoetryChoice.CONDA_PREFIX, "/opt/conda", (OWN,), is_own=False)
    [finding] = assess(poetry_or_pipenv_elsewhere, project(POETRY), seen, conda(base=False))
    assert finding.fix.actions == (Deactivate(Manager.CONDA), Activate(OWN))


@pytest.mark.sick("PRJ006")
def test_poetry_passes_over_what_is_active() -> None:
    seen = PoetryEnvironment(PoetryChoice.IN_PROJECT, OWN, (OWN,), ignored=OTHER)
    [finding] = assess(poetry_or_pipenv_elsewhere, project(POETRY), seen, conda(base=True))
    assert finding.message == (
        f"poetry ignores the active {OTHER}, because conda's base is active too, and works in {OWN}"
    )
    assert finding.fix.actions == (*deactivation(OTHER), Activate(OWN))
    seen = PoetryEnvironment(PoetryChoice.NOT_MADE, None, ignored=OTHER)
    [finding] = assess(poetry_or_pipenv_elsewhere, project(POETRY), seen, conda(base=True))
    assert finding.message.endswith("and would make another one")
    assert finding.fix.actions == (Deactivate(Manager.CONDA),)


@pytest.mark.sick("PRJ006")
def test_pipenv_works_in_what_is_active() -> None:
    seen = PipenvEnvironment(PipenvChoice.VIRTUAL_ENV, OTHER, exists=True, own=OWN, own_exists=True, is_own=False)
    [finding] = assess(poetry_or_pipenv_elsewhere, project(ProjectManager.PIPENV), seen)
    assert finding.fix.actions == (*deactivation(OTHER), Activate(OWN))
    assert assess(poetry_or_pipenv_elsewhere, project(UV), seen) == []


def active(owner: str | None) -> VenvConditions:
    """The active environment was made for this project."""
    return VenvConditions((Condition(venv=Venv(root=OTHER, real=OTHER), active=True, belongs_to=owner),))


@pytest.mark.sick("PRJ006")
@pytest.mark.parametrize(
    ("manager", "seen"),
    [
        (POETRY, PoetryEnvironment(PoetryChoice.VIRTUAL_ENV, OTHER, is_own=False)),
        (
            ProjectManager.PIPENV,
            PipenvEnvironment(PipenvChoice.VIRTUAL_ENV, OTHER, exists=True, own=OWN, own_exists=False, is_own=False),
        ),
    ],
)
def test_what_is_active_belongs_to_another_project(
    manager: ProjectManager, seen: PoetryEnvironment | PipenvEnvironment
) -> None:
    [finding] = assess(poetry_or_pipenv_elsewhere, project(manager), seen, active("/home/ann/other"))
    assert finding.message.endswith(
        f"works in the active environment {OTHER}, which belongs to the project /home/ann/other"
    )
    assert finding.fix.actions == deactivation(OTHER)
    for related in ("/home/ann", ROOT, f"{ROOT}/part", None):
        assert assess(poetry_or_pipenv_elsewhere, project(manager), seen, active(related)) == []


@pytest.mark.healthy("PRJ006")
@pytest.mark.parametrize(
    "seen",
    [
        PoetryEnvironment(PoetryChoice.IN_PROJECT, OWN, (OWN,)),
        PoetryEnvironment(PoetryChoice.CACHED, OWN, (OWN,), chosen_once=True),
        PoetryEnvironment(PoetryChoice.VIRTUAL_ENV, OWN, (OWN,)),
        PoetryEnvironment(PoetryChoice.VIRTUAL_ENV, OTHER, is_own=False),
        PoetryEnvironment(PoetryChoice.CONDA_PREFIX, "/opt/conda", is_own=False),
        PoetryEnvironment(PoetryChoice.NO_CREATION, None),
        PoetryEnvironment(PoetryChoice.NOT_MADE, None),
    ],
)
def test_poetry_where_it_should_be(seen: PoetryEnvironment) -> None:
    assert assess(poetry_or_pipenv_elsewhere, project(POETRY), seen, conda(base=False)) == []


@pytest.mark.healthy("PRJ006")
@pytest.mark.parametrize(
    "seen",
    [
        PipenvEnvironment(PipenvChoice.OWN, OWN, exists=False, own=OWN, own_exists=False),
        PipenvEnvironment(PipenvChoice.VIRTUAL_ENV, OTHER, exists=True, own=OWN, own_exists=False, is_own=False),
        PipenvEnvironment(PipenvChoice.VIRTUAL_ENV, OWN, exists=True, own=OWN, own_exists=True),
    ],
)
def test_pipenv_where_it_should_be(seen: PipenvEnvironment) -> None:
    assert assess(poetry_or_pipenv_elsewhere, project(ProjectManager.PIPENV), seen) == []
