from __future__ import annotations

import msgspec
import pytest

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    PrependPath,
    RemoveFromPath,
    Run,
    Safety,
    SetVariable,
    Severity,
    UnsetVariable,
)
from envdoctor.facts.conda.environments import CondaEnvironment, CondaEnvironments
from envdoctor.facts.conda.packages import CondaPackages
from envdoctor.facts.python.active import Answers
from envdoctor.facts.session.conda_activation import CondaActivation, StackedPrefix
from envdoctor.facts.session.search_path import PathEntry, SearchPath
from envdoctor.facts.venv.active import ActiveVenv
from envdoctor.facts.venv.layout import Venv
from envdoctor.testing import assess
from envdoctor_checks.conda.activation import (
    conda_environment_gone,
    conda_environment_without_python,
    conda_half_activated,
)
from tests.builders import make_answer_in, make_answers

ML = "/opt/conda/envs/ml"
CHILD = CondaActivation(prefix=ML, real=ML, name="ml", depth="1", exe="/opt/conda/bin/conda", position=0)
BASE = msgspec.structs.replace(CHILD, prefix="/opt/conda", real="/opt/conda", name="base", is_base=True)
LOST = msgspec.structs.replace(CHILD, position=None)
VENV = ActiveVenv("/home/ann/app/.venv", Venv(root="/home/ann/app/.venv", real="/home/ann/app/.venv"))
SAID = (Evidence(f"CONDA_PREFIX is {ML}", "CONDA_PREFIX"), Evidence("CONDA_DEFAULT_ENV is ml", "CONDA_DEFAULT_ENV"))
TO_THE_FRONT = Fix(
    "Put the environment first on the search path", RemoveFromPath(f"{ML}/bin"), PrependPath(f"{ML}/bin")
)


def path(*elements: str) -> SearchPath:
    return SearchPath(tuple(PathEntry(n, element, element) for n, element in enumerate(elements)))


def python(prefix: str | None, position: int = 0, **more: str) -> Answers:
    return make_answers(*(make_answer_in(name, prefix, position, **more) for name in ("python", "pip")))


# CND001


@pytest.mark.sick("CND001")
def test_the_search_path_was_made_anew_and_the_variables_stayed() -> None:
    assert assess(conda_half_activated, LOST, python("/usr"), path("/usr/bin")) == [
        Finding(
            f"the conda environment {ML} is active, but {ML}/bin is not on the search path",
            Fix("Put the environment first on the search path", PrependPath(f"{ML}/bin")),
            ML,
            (*SAID, Evidence("/usr/bin/python answers to python", "PATH")),
        )
    ]


@pytest.mark.sick("CND001")
def test_something_else_came_to_stand_before_the_environment() -> None:
    behind = msgspec.structs.replace(CHILD, position=1)
    [finding] = assess(conda_half_activated, behind, python("/usr"), path("/usr/bin", f"{ML}/bin", "/bin"))
    assert finding.message == f"the conda environment {ML} is active, but /usr/bin comes before it"
    assert (finding.where, finding.severity, finding.fix) == ("/usr/bin", Severity.ERROR, TO_THE_FRONT)
    base = msgspec.structs.replace(BASE, position=1)
    [finding] = assess(conda_half_activated, base, python("/usr"), path("/usr/bin", "/opt/conda/bin", "/bin"))
    assert finding.severity is Severity.WARNING


@pytest.mark.healthy("CND001")
@pytest.mark.parametrize(
    ("conda", "answers", "venv"),
    [
        (CHILD, python(ML), None),
        (msgspec.structs.replace(CHILD, position=1), python(VENV.value, base_prefix="/usr"), VENV),
        (LOST, python(VENV.value, base_prefix="/usr"), VENV),
        (LOST, python("/usr"), VENV),
        (msgspec.structs.replace(CHILD, has_python=False), python("/usr", 1), None),
        (msgspec.structs.replace(CHILD, position=2), python("/usr"), None),
        (CHILD, Answers(), None),
    ],
)
def test_the_environment_answers_or_something_on_top_of_it(
    conda: CondaActivation, answers: Answers, venv: ActiveVenv | None
) -> None:
    assert assess(conda_half_activated, conda, answers, venv, path("/a", "/b", f"{ML}/bin")) == []


# CND002


@pytest.mark.sick("CND002")
def test_the_active_environment_was_removed() -> None:
    gone = msgspec.structs.replace(CHILD, exists=False, stack=(StackedPrefix(1, "/opt/conda"),), depth="2")
    assert assess(conda_environment_gone, gone) == [
        Finding(
            f"the active conda environment {ML} does not exist",
            Fix(
                "Deactivate the environment",
                RemoveFromPath(f"{ML}/bin"),
                UnsetVariable("CONDA_PREFIX"),
                UnsetVariable("CONDA_DEFAULT_ENV"),
                UnsetVariable("CONDA_PROMPT_MODIFIER"),
                UnsetVariable("CONDA_PREFIX_1"),
                SetVariable("CONDA_SHLVL", "0"),
            ),
            ML,
            SAID,
        )
    ]
    other = CondaEnvironment("/home/ann/.conda/envs/ml", "ml", "/home/ann/.conda/envs")
    [finding] = assess(conda_environment_gone, gone, CondaEnvironments((other,)))
    assert finding.evidence[-1] == Evidence(f"an environment called ml is {other.prefix}", other.origin)
    [finding] = assess(conda_environment_gone, msgspec.structs.replace(CHILD, has_meta=False))
    assert finding.message == f"CONDA_PREFIX names {ML}, which is no conda environment: it has no conda-meta"


@pytest.mark.healthy("CND002")
def test_the_active_environment_is_there() -> None:
    assert assess(conda_environment_gone, CHILD) == []


# CND003


# CND004

BARE = msgspec.structs.replace(CHILD, has_python=False, has_pip=False)
INSTALL = Run("/opt/conda/bin/conda", "install", "--yes", "--prefix", ML, "python", "pip")


@pytest.mark.sick("CND004")
def test_an_empty_environment_lets_pip_fall_through() -> None:
    assert assess(conda_environment_without_python, BARE, python("/usr", 1), CondaPackages(ML, 0)) == [
        Finding(
            f"the active conda environment {ML} has no Python, and `pip` installs into /usr",
            Fix("Install Python and pip into the environment", INSTALL, safety=Safety.CHANGES_STATE),
            ML,
            (*SAID, Evidence("0 packages are in it", ML)),
            Severity.ERROR,
        )
    ]


@pytest.mark.sick("CND004")
def test_a_python_that_conda_believes_to_be_there_is_reinstalled() -> None:
    recorded = msgspec.structs.replace(BARE, records_python=True)
    [finding] = assess(conda_environment_without_python, recorded, python("/usr", 1), CondaPackages(ML, 9))
    install = (CHILD.exe or "conda", "install", "--yes", "--prefix", ML)
    assert finding.fix.actions == (Run(*install, "--force-reinstall", "python"),)


@pytest.mark.sick("CND004")
def test_an_environment_for_tools_gets_a_warning() -> None:
    [finding] = assess(conda_environment_without_python, BARE, Answers(), CondaPackages(ML, 12))
    assert finding.severity is Severity.WARNING
    assert finding.message.endswith("and there is no other `python` on the search path")


@pytest.mark.healthy("CND004")
def test_tools_of_conda_under_a_virtual_environment() -> None:
    assert assess(conda_environment_without_python, BARE, python(VENV.value, base_prefix="/usr"), VENV) == []
    assert assess(conda_environment_without_python, CHILD, python(ML)) == []
    tools = msgspec.structs.replace(BARE, depth="2", stack=(StackedPrefix(1, "/opt/conda"),))
    stacked = msgspec.structs.replace(tools, is_stacked=True)
    assert assess(conda_environment_without_python, stacked, python("/opt/conda", 1)) == []
    assert len(assess(conda_environment_without_python, stacked, python("/usr", 1))) == 1
    assert len(assess(conda_environment_without_python, tools, python("/opt/conda", 1))) == 1
    gone = msgspec.structs.replace(BARE, has_meta=False)
    assert assess(conda_environment_without_python, gone, python("/usr")) == []


# CND007


# CND009
