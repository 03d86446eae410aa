"""ENV006, ENV007, ENV011, ENV012, ENV014 over literal facts."""

from __future__ import annotations

import pytest

from envdoctor import (
    Activate,
    Evidence,
    Finding,
    Fix,
    Manual,
    PrependPath,
    Run,
    Safety,
    Severity,
)
from envdoctor.facts.conda.installations import CondaRoot, CondaRoots, RootKind
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.environments.condition import Condition, Defect
from envdoctor.facts.environments.strays import StrayFiles
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.project.pyproject import RequiresPython
from envdoctor.facts.project.requires_python import RequiredPython
from envdoctor.facts.python.available import PythonAtHand, PythonsAtHand
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.context import Marker, Place
from envdoctor.facts.uv.directories import Place as UvPlace
from envdoctor.facts.uv.project import UvProject
from envdoctor.facts.venv.layout import Tool
from envdoctor.facts.venv.ownership import Ownership
from envdoctor.testing import assess
from envdoctor_checks.common.deactivation import deactivation
from envdoctor_checks.environments.usage import (
    built_on_conda_python,
    environment_not_writable,
    other_projects_environment,
    project_environment_not_active,
    stray_parent_environment,
)
from tests.checks.venvs import (
    HOME,
    PROJECT,
    ROOT,
    activated,
    answers,
    condition,
    conditions,
    config,
    examined,
    interpreter,
    venv,
)

OTHER = "/home/me/other/.venv"
PYENV = interpreter("/home/me/.pyenv/versions/3.12.1")


@pytest.mark.sick("ENV006")
def test_the_projects_environment_is_activated() -> None:
    assert assess(project_environment_not_active, conditions(), answers(PYENV, PYENV), examined()) == [
        Finding(
            f"the project's environment {ROOT} is not active: `python` is {PYENV.path}",
            where=ROOT,
            evidence=(
                Evidence(f"`python` is {PYENV.path}", "PATH"),
                Evidence(f"`pip` installs into {PYENV.prefix}", "PATH"),
            ),
            fix=Fix("Activate the project's environment", Activate(ROOT)),
            severity=Severity.WARNING,
        )
    ]


@pytest.mark.sick("ENV006")
def test_it_is_advice_where_nothing_would_be_installed_or_uv_finds_it_or_a_machine_builds() -> None:
    guarded = interpreter(externally_managed="/usr/lib/python3.11/EXTERNALLY-MANAGED")
    ci = examined(PROJECT, Marker(Place.CI, "GitLab CI", "GITLAB_CI"))
    by_uv = conditions(condition(venv(tool=Tool.UV)))
    for findings in (
        assess(project_environment_not_active, conditions(), answers(guarded, guarded), examined()),
        assess(project_environment_not_active, conditions(), answers(guarded), examined()),
        assess(project_environment_not_active, conditions(), answers(PYENV, PYENV), ci),
        assess(project_environment_not_active, by_uv, answers(PYENV, PYENV), examined()),
    ):
        assert [finding.severity for finding in findings] == [Severity.INFO]


@pytest.mark.sick("ENV006")
def test_an_environment_without_scripts_of_activation_is_put_on_the_search_path() -> None:
    bare = conditions(condition(venv(activate=None)))
    [finding] = assess(project_environment_not_active, bare, answers(PYENV, PYENV), examined())
    assert finding.fix.actions == (PrependPath(f"{ROOT}/bin"),)


@pytest.mark.healthy("ENV006")
def test_nothing_is_said_where_it_answers_or_something_else_was_chosen_or_it_is_sick() -> None:
    def silent(*facts: object, found: Condition | None = None, python: str | None = None, prefix: str = "/usr") -> bool:
        by = interpreter(prefix)
        here = examined(PROJECT, python=python)
        given = (conditions(found or condition()), answers(by, by), here, *facts)
        return assess(project_environment_not_active, *given) == []  # type: ignore[arg-type] # facts of several types

    child = CondaActivation(prefix="/opt/conda/envs/ml", real="/opt/conda/envs/ml")
    assert silent(prefix=ROOT)
    assert silent(activated(OTHER))
    assert silent(child)
    assert silent(Project(PROJECT, manager=ProjectManager.UV))
    assert silent(python="/usr/bin/python3.9")
    assert silent(found=condition(defect=Defect.BASE_GONE))
    assert silent(found=condition(venv(f"{HOME}/.venv"), level=1))
    assert not silent(CondaActivation(prefix="/opt/conda", real="/opt/conda", is_base=True))
    assert not silent(Project(PROJECT, manager=ProjectManager.PIP))
    nothing = answers(None)
    assert assess(project_environment_not_active, conditions(), nothing, examined()) == []


def foreign(**fields: object) -> Condition:
    return condition(venv(OTHER), **{"active": True, "near": False, "belongs_to": "/home/me/other", **fields})


@pytest.mark.sick("ENV007")
def test_another_projects_environment_is_left_for_this_ones() -> None:
    found = conditions(foreign(), condition())
    assert assess(other_projects_environment, found, Project(PROJECT), examined()) == [
        Finding(
            f"the active environment {OTHER} belongs to another project; this one has {ROOT}, "
            "but `uv pip install` goes into the active one",
            where="VIRTUAL_ENV",
            evidence=(
                Evidence(f"VIRTUAL_ENV={OTHER}", "VIRTUAL_ENV"),
                Evidence(f"{ROOT} is the nearest environment", PROJECT),
            ),
            fix=Fix("Deactivate the environment and activate this project's own", *deactivation(OTHER), Activate(ROOT)),
            severity=Severity.WARNING,
        )
    ]
    sick = conditions(foreign(), condition(defect=Defect.MOVED))
    [finding] = assess(other_projects_environment, sick, examined())
    assert finding.fix == Fix("Deactivate the environment", *deactivation(OTHER))


def stale(root: str) -> list[Finding]:
    active = condition(venv(root), active=True, near=False)
    return assess(other_projects_environment, conditions(active, condition()), examined())


@pytest.mark.sick("ENV007")
def test_a_directory_without_any_file_of_a_project_has_its_environment_too() -> None:
    [finding] = stale(f"{HOME}/old/venv")
    assert finding.message.startswith(f"the active environment {HOME}/old/venv is that of {HOME}/old; this one has")
    assert finding.severity is Severity.WARNING
    assert [found.severity for found in stale("/srv/old/.venv")] == [Severity.WARNING]
    root = f"{HOME}/old/.venv"
    python = interpreter(prefix=root, root=root)
    pip = answers(python, python)
    active = condition(venv(root), active=True, near=False)
    [finding] = assess(other_projects_environment, conditions(active, condition()), pip, examined())
    assert finding.message.endswith("`pip install` and `uv pip install` go into the active one")


@pytest.mark.parametrize("root", [f"{HOME}/envs/ml", f"{HOME}/.virtualenvs/x", "/opt/venv", f"{HOME}/.venv"])
def test_a_shared_environment_is_information(root: str) -> None:
    [finding] = stale(root)
    assert finding.severity is Severity.INFO
    assert f"{root} is no project's own" in finding.message


@pytest.mark.sick("ENV007")
def test_without_an_own_environment_it_is_advice() -> None:
    far = foreign(belongs_to="/srv/other")
    [finding] = assess(other_projects_environment, conditions(far), Project(PROJECT), examined())
    assert finding.severity is Severity.INFO
    assert finding.fix == Fix("Deactivate the environment", *deactivation(OTHER))


@pytest.mark.healthy("ENV007")
def test_sharing_on_purpose_is_left_alone() -> None:
    named = UvProject(PROJECT, PROJECT, UvPlace(OTHER), "UV_PROJECT_ENVIRONMENT")
    own = condition()
    assert assess(other_projects_environment, conditions(foreign(), own), named, examined()) == []
    assert assess(other_projects_environment, conditions(foreign(), own), examined("/home/me/other/src")) == []
    assert assess(other_projects_environment, conditions(foreign(near=True)), examined()) == []
    assert assess(other_projects_environment, conditions(foreign(defect=Defect.BASE_GONE), own), examined()) == []
    assert assess(other_projects_environment, conditions(own), examined()) == []
    assert stale(f"{HOME}/other/.tox/py311") == []
    alone = condition(venv(f"{HOME}/envs/ml"), active=True, near=False)
    assert assess(other_projects_environment, conditions(alone), Project(PROJECT), examined()) == []
    broken = condition(defect=Defect.MOVED)
    assert assess(other_projects_environment, conditions(alone, broken), examined()) == []
    assert assess(other_projects_environment, conditions(foreign()), examined("/tmp")) == []
    neighbours = foreign(belongs_to="/home/me/neighbour")
    assert assess(other_projects_environment, conditions(neighbours), Project(PROJECT), examined()) == []


CONDA = "/home/me/miniforge3"
CONDA_ROOTS = CondaRoots((CondaRoot(CONDA, CONDA, RootKind.CONDA),))
NONE = PythonsAtHand()


def on_conda(prefix: str, **fields: object) -> Condition:
    environment = venv(settings=config(ROOT, home=f"{prefix}/bin"), base_is_conda=True)
    return condition(environment, **{"base_owner": 1000, "rebuild_with": f"{prefix}/bin/python3", **fields})


@pytest.mark.sick("ENV011")
def test_an_environment_on_a_conda_environment_is_put_on_another_python() -> None:
    prefix = f"{CONDA}/envs/ml"
    roots = CONDA_ROOTS
    builders = Builders(pythons=("/usr/bin/python3",))
    assert assess(built_on_conda_python, conditions(on_conda(prefix)), builders, NONE, roots, examined()) == [
        Finding(
            f"the project's environment {ROOT} stands on the conda environment ml, {prefix}, and breaks without it",
            where=f"{ROOT}/pyvenv.cfg",
            evidence=(
                Evidence(f"home = {prefix}/bin", f"{ROOT}/pyvenv.cfg:1"),
                Evidence(f"{prefix}/conda-meta exists", prefix),
            ),
            fix=Fix(
                "Recreate the environment; then install its packages again",
                Run("/usr/bin/python3", "-m", "venv", "--clear", ROOT),
                safety=Safety.DESTRUCTIVE,
            ),
            severity=Severity.WARNING,
        )
    ]


@pytest.mark.sick("ENV011")
def test_on_condas_base_it_is_advice_and_uv_can_bring_a_python() -> None:
    roots = CONDA_ROOTS
    found = conditions(on_conda(CONDA))
    [finding] = assess(built_on_conda_python, found, Builders(uv=(0, 13)), NONE, roots, examined())
    assert finding.severity is Severity.INFO
    preference = ("--python-preference", "only-managed", "--python", "3.11")
    assert finding.fix.actions == (Run("uv", "venv", "--clear", "--seed", *preference, ROOT),)
    [finding] = assess(built_on_conda_python, found, Builders(), NONE, examined())
    assert finding.fix.actions == (Manual("First install a Python 3.11 that does not belong to conda"),)


@pytest.mark.sick("ENV011")
@pytest.mark.parametrize(
    ("requires", "pythons", "chosen"),
    [
        (">=3.9", ("3.13", "3.11"), "/opt/python3.11"),
        (">=3.12", ("3.11", "3.12", "3.13"), "/opt/python3.13"),
        ("<3.11", ("3.11", "3.10"), "/opt/python3.10"),
    ],
)
def test_the_other_python_is_one_that_the_project_admits(requires: str, pythons: tuple[str, ...], chosen: str) -> None:
    own = PythonAtHand("3.12", f"{CONDA}/bin/python3.12")
    at_hand = PythonsAtHand((own, *(PythonAtHand(version, f"/opt/python{version}") for version in pythons)))
    required = RequiredPython(RequiresPython(requires, (requires,), "pyproject.toml:2"))
    builders = Builders(pythons=("/usr/bin/python3",))
    [finding] = assess(
        built_on_conda_python, conditions(on_conda(CONDA)), builders, at_hand, required, CONDA_ROOTS, examined()
    )
    assert finding.fix.actions == (Run(chosen, "-m", "venv", "--clear", ROOT),)


@pytest.mark.sick("ENV011")
def test_where_no_python_fits_uv_brings_one_that_does() -> None:
    required = RequiredPython(RequiresPython(">=3.13", (">=3.13",), "pyproject.toml:2"))
    at_hand = PythonsAtHand((PythonAtHand("3.11", "/usr/bin/python3.11"),))
    facts = (conditions(on_conda(CONDA)), at_hand, required, examined())
    [finding] = assess(built_on_conda_python, *facts, Builders(uv=(0, 13), pythons=("/usr/bin/python3",)))
    preference = ("--python-preference", "only-managed", "--python", "3.13")
    assert finding.fix.actions == (Run("uv", "venv", "--clear", "--seed", *preference, ROOT),)
    [finding] = assess(built_on_conda_python, *facts, Builders(pythons=("/usr/bin/python3",)))
    assert finding.fix.actions == (Manual("First install a Python 3.13 that does not belong to conda"),)


@pytest.mark.healthy("ENV011")
def test_a_sites_conda_is_meant_and_another_python_is_none_of_condas() -> None:
    for found in (on_conda(CONDA, base_owner=0), on_conda(CONDA, defect=Defect.MOVED), condition()):
        assert assess(built_on_conda_python, conditions(found), Builders(), NONE, examined()) == []


STRAY = f"{HOME}/.venv"


@pytest.mark.sick("ENV012")
@pytest.mark.parametrize(
    ("builders", "made"),
    [
        (Builders(manager=ProjectManager.UV, project=PROJECT, uv=(0, 13)), Run("uv", "sync", directory=PROJECT)),
        (Builders(uv=(0, 13)), Run("uv", "venv", "--seed", ROOT)),
        (Builders(pythons=("/usr/bin/python3",)), Run("/usr/bin/python3", "-m", "venv", ROOT)),
    ],
)
def test_an_environment_in_the_home_directory_captures_what_is_below(builders: Builders, made: Run) -> None:
    stray = StrayFiles(HOME, venv=STRAY, project=PROJECT)
    [finding] = assess(stray_parent_environment, stray, conditions(condition(venv(STRAY), level=1)), builders)
    assert finding.message == f"{STRAY} is what `uv pip` works in from here, because there is no nearer environment"
    assert finding.fix.actions == (made, Activate(ROOT))
    assert finding.fix.safety is Safety.CHANGES_STATE


@pytest.mark.sick("ENV012")
def test_a_project_in_the_home_directory_is_moved_aside() -> None:
    stray = StrayFiles(HOME, pyproject=f"{HOME}/pyproject.toml", lock=f"{HOME}/uv.lock", project=PROJECT)
    [finding] = assess(stray_parent_environment, stray, Builders())
    assert finding.fix.actions == (
        Run("mv", "--", f"{HOME}/pyproject.toml", f"{HOME}/pyproject.toml.stray"),
        Run("mv", "--", f"{HOME}/uv.lock", f"{HOME}/uv.lock.stray"),
    )


@pytest.mark.healthy("ENV012")
def test_an_environment_in_the_home_directory_harms_nobody_while_one_is_active() -> None:
    stray, near = StrayFiles(HOME, venv=STRAY, project=PROJECT), condition(venv(STRAY), level=1)
    child = CondaActivation(prefix="/opt/conda/envs/ml", real="/opt/conda/envs/ml")
    assert assess(stray_parent_environment, stray, conditions(near), Builders(), activated(STRAY)) == []
    assert assess(stray_parent_environment, stray, conditions(near), Builders(), activated(OTHER)) == []
    assert assess(stray_parent_environment, stray, conditions(near), Builders(), child) == []
    sick = condition(venv(STRAY), defect=Defect.BASE_GONE)
    assert assess(stray_parent_environment, stray, conditions(sick), Builders()) == []


def owned(**fields: object) -> Condition:
    known = {"owner": 1000, "user": 1000, "above": 1000, **fields}
    return condition(ownership=Ownership(**known))  # type: ignore[arg-type] # the fields of several types


@pytest.mark.sick("ENV014")
def test_files_of_another_user_are_given_back() -> None:
    left = f"{ROOT}/lib/python3.11/site-packages/left"
    [finding] = assess(environment_not_writable, conditions(owned(others=2, example=left, other=0)))
    assert finding == Finding(
        f"the project's environment {ROOT} holds 2 files of user 0, not of its owner, user 1000",
        where=ROOT,
        evidence=(Evidence(f"{left} belongs to user 0", left),),
        fix=Fix(
            "Restore ownership of the environment's files",
            Run("sudo", "chown", "-hR", "1000", ROOT),
            safety=Safety.CHANGES_STATE,
        ),
    )
    [finding] = assess(environment_not_writable, conditions(owned(user=0, others=1, example=left, other=0)))
    assert finding.fix.actions == (Run("chown", "-hR", "1000", ROOT),)


@pytest.mark.sick("ENV014")
def test_an_environment_of_root_in_an_own_project_is_given_back() -> None:
    [finding] = assess(environment_not_writable, conditions(owned(owner=0, writable=False)))
    assert finding.message.endswith("belongs to user 0, so this user, 1000, cannot install into it")
    assert finding.fix.actions == (Run("sudo", "chown", "-hR", "1000", ROOT),)


@pytest.mark.sick("ENV014")
def test_a_write_protected_environment_is_opened_for_its_owner() -> None:
    [finding] = assess(environment_not_writable, conditions(owned(writable=False)))
    assert finding.fix.actions == (Run("chmod", "-R", "u+w", ROOT),)


@pytest.mark.healthy("ENV014")
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"owner": 0, "above": 0, "writable": False},
        {"owner": 0, "user": 0, "others": 3, "other": 1000},
        {"owner": 0, "others": 3, "other": 1000},
        {"writable": False, "read_only": True},
        {"owner": None, "writable": False},
        {"owner": 2000, "above": 2000, "others": 1, "other": 0},
    ],
)
def test_shared_and_read_only_environments_are_meant(fields: dict[str, object]) -> None:
    assert assess(environment_not_writable, conditions(owned(**fields))) == []


@pytest.mark.healthy("ENV014")
def test_a_sick_environment_has_other_troubles() -> None:
    sick = condition(ownership=Ownership(owner=1000, user=1000, writable=False), defect=Defect.MOVED)
    assert assess(environment_not_writable, conditions(sick)) == []
