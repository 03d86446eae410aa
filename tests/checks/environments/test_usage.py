"""ENV006, ENV007, ENV011, ENV012, ENV014 over literal facts."""

from __future__ import annotations

import pytest

from envdoctor import (
    Activate,
    Evidence,
    Finding,
    Fix,
    PrependPath,
    Run,
    Safety,
    Severity,
)
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.environments.condition import Condition, Defect
from envdoctor.facts.environments.strays import StrayFiles
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.python.active import Answers
from envdoctor.facts.python.interpreter import Interpreter
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.context import Marker, Place
from envdoctor.facts.uv.directories import Place as UvPlace
from envdoctor.facts.uv.project import UvProject
from envdoctor.facts.venv.layout import Tool
from envdoctor.testing import assess
from envdoctor_checks.common.deactivation import deactivation
from envdoctor_checks.environments.usage import (
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
        Run("mv", "-n", "--", f"{HOME}/pyproject.toml", f"{HOME}/pyproject.toml.stray"),
        Run("mv", "-n", "--", f"{HOME}/uv.lock", f"{HOME}/uv.lock.stray"),
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
