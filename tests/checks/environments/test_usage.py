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
from envdoctor.facts.python.active import Answers
from envdoctor.facts.python.available import PythonAtHand, PythonsAtHand
from envdoctor.facts.python.interpreter import Interpreter
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
from tests.builders import (
    HOME,
    PROJECT,
    ROOT,
    make_active,
    make_answer,
    make_answers,
    make_condition,
    make_conditions,
    make_config,
    make_examined,
    make_interpreter,
    make_venv,
)

OTHER = "/home/me/other/.venv"
PYENV = make_interpreter("/home/me/.pyenv/versions/3.12.1")


def typed(python: Interpreter, *commands: str) -> Answers:
    """What this Python answers to, `python` and `pip` if nothing is given."""
    names = commands or ("python", "pip")
    return make_answers(*(make_answer(name, f"{python.prefix}/bin/{name}", python) for name in names))


@pytest.mark.sick("ENV006")
def test_the_projects_environment_is_activated() -> None:
    assert assess(project_environment_not_active, make_conditions(), typed(PYENV), make_examined()) == [
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
    guarded = make_interpreter("/usr", externally_managed="/usr/lib/python3.11/EXTERNALLY-MANAGED")
    ci = make_examined(Marker(Place.CI, "GitLab CI", "GITLAB_CI"))
    by_uv = make_conditions(make_condition(make_venv(tool=Tool.UV)))
    for findings in (
        assess(project_environment_not_active, make_conditions(), typed(guarded), make_examined()),
        assess(project_environment_not_active, make_conditions(), typed(guarded, "python"), make_examined()),
        assess(project_environment_not_active, make_conditions(), typed(PYENV), ci),
        assess(project_environment_not_active, by_uv, typed(PYENV), make_examined()),
    ):
        assert [finding.severity for finding in findings] == [Severity.INFO]


@pytest.mark.sick("ENV006")
def test_an_environment_without_scripts_of_activation_is_put_on_the_search_path() -> None:
    bare = make_conditions(make_condition(make_venv(activate=None)))
    [finding] = assess(project_environment_not_active, bare, typed(PYENV), make_examined())
    assert finding.fix.actions == (PrependPath(f"{ROOT}/bin"),)


@pytest.mark.healthy("ENV006")
def test_nothing_is_said_where_it_answers_or_something_else_was_chosen_or_it_is_sick() -> None:
    def silent(*facts: object, found: Condition | None = None, python: str | None = None, prefix: str = "/usr") -> bool:
        by = make_interpreter(prefix)
        here = make_examined(python=python)
        given = (make_conditions(found or make_condition()), typed(by), here, *facts)
        return assess(project_environment_not_active, *given) == []  # type: ignore[arg-type] # facts of several types

    child = CondaActivation(prefix="/opt/conda/envs/ml", real="/opt/conda/envs/ml")
    assert silent(prefix=ROOT)
    assert silent(make_active(OTHER))
    assert silent(child)
    assert silent(Project(PROJECT, manager=ProjectManager.UV))
    assert silent(python="/usr/bin/python3.9")
    assert silent(found=make_condition(defect=Defect.BASE_GONE))
    assert silent(found=make_condition(make_venv(f"{HOME}/.venv"), level=1))
    assert not silent(CondaActivation(prefix="/opt/conda", real="/opt/conda", is_base=True))
    assert not silent(Project(PROJECT, manager=ProjectManager.PIP))
    nothing = Answers()
    assert assess(project_environment_not_active, make_conditions(), nothing, make_examined()) == []


def foreign(**fields: object) -> Condition:
    return make_condition(make_venv(OTHER), **{"active": True, "near": False, "belongs_to": "/home/me/other", **fields})


@pytest.mark.sick("ENV007")
def test_another_projects_environment_is_left_for_this_ones() -> None:
    found = make_conditions(foreign(), make_condition())
    assert assess(other_projects_environment, found, Project(PROJECT), make_examined()) == [
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
    sick = make_conditions(foreign(), make_condition(defect=Defect.MOVED))
    [finding] = assess(other_projects_environment, sick, make_examined())
    assert finding.fix == Fix("Deactivate the environment", *deactivation(OTHER))


def stale(root: str) -> list[Finding]:
    active = make_condition(make_venv(root), active=True, near=False)
    return assess(other_projects_environment, make_conditions(active, make_condition()), make_examined())


@pytest.mark.sick("ENV007")
def test_a_directory_without_any_file_of_a_project_has_its_environment_too() -> None:
    [finding] = stale(f"{HOME}/old/venv")
    assert finding.message.startswith(f"the active environment {HOME}/old/venv is that of {HOME}/old; this one has")
    assert finding.severity is Severity.WARNING
    assert [found.severity for found in stale("/srv/old/.venv")] == [Severity.WARNING]
    root = f"{HOME}/old/.venv"
    python = make_interpreter(prefix=root, root=root)
    pip = typed(python)
    active = make_condition(make_venv(root), active=True, near=False)
    [finding] = assess(other_projects_environment, make_conditions(active, make_condition()), pip, make_examined())
    assert finding.message.endswith("`pip install` and `uv pip install` go into the active one")


@pytest.mark.parametrize("root", [f"{HOME}/envs/ml", f"{HOME}/.virtualenvs/x", "/opt/venv", f"{HOME}/.venv"])
def test_a_shared_environment_is_information(root: str) -> None:
    [finding] = stale(root)
    assert finding.severity is Severity.INFO
    assert f"{root} is no project's own" in finding.message


@pytest.mark.sick("ENV007")
def test_without_an_own_environment_it_is_advice() -> None:
    far = foreign(belongs_to="/srv/other")
    [finding] = assess(other_projects_environment, make_conditions(far), Project(PROJECT), make_examined())
    assert finding.severity is Severity.INFO
    assert finding.fix == Fix("Deactivate the environment", *deactivation(OTHER))


@pytest.mark.healthy("ENV007")
def test_sharing_on_purpose_is_left_alone() -> None:
    named = UvProject(PROJECT, PROJECT, UvPlace(OTHER), "UV_PROJECT_ENVIRONMENT")
    own = make_condition()
    assert assess(other_projects_environment, make_conditions(foreign(), own), named, make_examined()) == []
    assert (
        assess(other_projects_environment, make_conditions(foreign(), own), make_examined(cwd="/home/me/other/src"))
        == []
    )
    assert assess(other_projects_environment, make_conditions(foreign(near=True)), make_examined()) == []
    assert (
        assess(other_projects_environment, make_conditions(foreign(defect=Defect.BASE_GONE), own), make_examined())
        == []
    )
    assert assess(other_projects_environment, make_conditions(own), make_examined()) == []
    assert stale(f"{HOME}/other/.tox/py311") == []
    alone = make_condition(make_venv(f"{HOME}/envs/ml"), active=True, near=False)
    assert assess(other_projects_environment, make_conditions(alone), Project(PROJECT), make_examined()) == []
    broken = make_condition(defect=Defect.MOVED)
    assert assess(other_projects_environment, make_conditions(alone, broken), make_examined()) == []
    assert assess(other_projects_environment, make_conditions(foreign()), make_examined(cwd="/tmp")) == []
    neighbours = foreign(belongs_to="/home/me/neighbour")
    assert assess(other_projects_environment, make_conditions(neighbours), Project(PROJECT), make_examined()) == []


CONDA = "/home/me/miniforge3"
CONDA_ROOTS = CondaRoots((CondaRoot(CONDA, CONDA, RootKind.CONDA),))
NONE = PythonsAtHand()


def on_conda(prefix: str, **fields: object) -> Condition:
    environment = make_venv(settings=make_config(ROOT, home=f"{prefix}/bin"), base_is_conda=True)
    return make_condition(environment, **{"base_owner": 1000, "rebuild_with": f"{prefix}/bin/python3", **fields})


@pytest.mark.sick("ENV011")
def test_an_environment_on_a_conda_environment_is_put_on_another_python() -> None:
    prefix = f"{CONDA}/envs/ml"
    roots = CONDA_ROOTS
    builders = Builders(pythons=("/usr/bin/python3",))
    assert assess(built_on_conda_python, make_conditions(on_conda(prefix)), builders, NONE, roots, make_examined()) == [
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
    found = make_conditions(on_conda(CONDA))
    [finding] = assess(built_on_conda_python, found, Builders(uv=(0, 13)), NONE, roots, make_examined())
    assert finding.severity is Severity.INFO
    preference = ("--python-preference", "only-managed", "--python", "3.11")
    assert finding.fix.actions == (Run("uv", "venv", "--clear", "--seed", *preference, ROOT),)
    [finding] = assess(built_on_conda_python, found, Builders(), NONE, make_examined())
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
        built_on_conda_python,
        make_conditions(on_conda(CONDA)),
        builders,
        at_hand,
        required,
        CONDA_ROOTS,
        make_examined(),
    )
    assert finding.fix.actions == (Run(chosen, "-m", "venv", "--clear", ROOT),)


@pytest.mark.sick("ENV011")
def test_where_no_python_fits_uv_brings_one_that_does() -> None:
    required = RequiredPython(RequiresPython(">=3.13", (">=3.13",), "pyproject.toml:2"))
    at_hand = PythonsAtHand((PythonAtHand("3.11", "/usr/bin/python3.11"),))
    facts = (make_conditions(on_conda(CONDA)), at_hand, required, make_examined())
    [finding] = assess(built_on_conda_python, *facts, Builders(uv=(0, 13), pythons=("/usr/bin/python3",)))
    preference = ("--python-preference", "only-managed", "--python", "3.13")
    assert finding.fix.actions == (Run("uv", "venv", "--clear", "--seed", *preference, ROOT),)
    [finding] = assess(built_on_conda_python, *facts, Builders(pythons=("/usr/bin/python3",)))
    assert finding.fix.actions == (Manual("First install a Python 3.13 that does not belong to conda"),)


@pytest.mark.healthy("ENV011")
def test_a_sites_conda_is_meant_and_another_python_is_none_of_condas() -> None:
    for found in (on_conda(CONDA, base_owner=0), on_conda(CONDA, defect=Defect.MOVED), make_condition()):
        assert assess(built_on_conda_python, make_conditions(found), Builders(), NONE, make_examined()) == []


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
    [finding] = assess(
        stray_parent_environment, stray, make_conditions(make_condition(make_venv(STRAY), level=1)), builders
    )
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
    stray, near = StrayFiles(HOME, venv=STRAY, project=PROJECT), make_condition(make_venv(STRAY), level=1)
    child = CondaActivation(prefix="/opt/conda/envs/ml", real="/opt/conda/envs/ml")
    assert assess(stray_parent_environment, stray, make_conditions(near), Builders(), make_active(STRAY)) == []
    assert assess(stray_parent_environment, stray, make_conditions(near), Builders(), make_active(OTHER)) == []
    assert assess(stray_parent_environment, stray, make_conditions(near), Builders(), child) == []
    sick = make_condition(make_venv(STRAY), defect=Defect.BASE_GONE)
    assert assess(stray_parent_environment, stray, make_conditions(sick), Builders()) == []


def owned(**fields: object) -> Condition:
    known = {"owner": 1000, "user": 1000, "above": 1000, **fields}
    return make_condition(ownership=Ownership(**known))  # type: ignore[arg-type] # the fields of several types


@pytest.mark.sick("ENV014")
def test_files_of_another_user_are_given_back() -> None:
    left = f"{ROOT}/lib/python3.11/site-packages/left"
    [finding] = assess(environment_not_writable, make_conditions(owned(others=2, example=left, other=0)))
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
    [finding] = assess(environment_not_writable, make_conditions(owned(user=0, others=1, example=left, other=0)))
    assert finding.fix.actions == (Run("chown", "-hR", "1000", ROOT),)


@pytest.mark.sick("ENV014")
def test_an_environment_of_root_in_an_own_project_is_given_back() -> None:
    [finding] = assess(environment_not_writable, make_conditions(owned(owner=0, writable=False)))
    assert finding.message.endswith("belongs to user 0, so this user, 1000, cannot install into it")
    assert finding.fix.actions == (Run("sudo", "chown", "-hR", "1000", ROOT),)


@pytest.mark.sick("ENV014")
def test_a_write_protected_environment_is_opened_for_its_owner() -> None:
    [finding] = assess(environment_not_writable, make_conditions(owned(writable=False)))
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
    assert assess(environment_not_writable, make_conditions(owned(**fields))) == []


@pytest.mark.healthy("ENV014")
def test_a_sick_environment_has_other_troubles() -> None:
    sick = make_condition(ownership=Ownership(owner=1000, user=1000, writable=False), defect=Defect.MOVED)
    assert assess(environment_not_writable, make_conditions(sick)) == []
