from __future__ import annotations

import msgspec
import pytest

from envdoctor import (
    Evidence,
    Fact,
    Finding,
    Fix,
    RemoveFromPath,
    Run,
    Safety,
    Severity,
)
from envdoctor.facts.conda.installations import (
    CondaRoot,
    CondaRoots,
    RootKind,
    RootName,
)
from envdoctor.facts.conda.shell_state import CondaCommand
from envdoctor.facts.project.project import Project
from envdoctor.facts.python.active import Answers
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.context import Marker, Place
from envdoctor.facts.uv.context import Surroundings
from envdoctor.facts.uv.directories import Nearby
from envdoctor.facts.uv.directories import Place as UvPlace
from envdoctor.facts.uv.target import Source, UvTarget, UvTargets
from envdoctor.facts.venv.active import ActiveVenv
from envdoctor.facts.venv.layout import Venv
from envdoctor.testing import assess
from envdoctor_checks.conda.installations import pip_installed_conda, several_conda_roots, working_in_base
from tests.builders import make_answer_in, make_examined
from tests.checks.conda.literals import SITE

MINE = CondaRoot("/home/ann/miniconda3", "/home/ann/miniconda3", RootKind.CONDA)


def named(root: CondaRoot, *names: tuple[str, str]) -> CondaRoot:
    return msgspec.structs.replace(root, named=tuple(RootName(*name) for name in names))


@pytest.mark.sick("CND005")
def test_another_conda_is_on_the_search_path() -> None:
    mine = named(MINE, ("CONDA_EXE", "/home/ann/miniconda3/bin/conda"))
    site = named(SITE, ("PATH", "/opt/conda/bin"), ("PATH", "/opt/conda/condabin"))
    assert assess(several_conda_roots, CondaRoots((mine, site), active="/home/ann/miniconda3")) == [
        Finding(
            "2 conda installations are set up in this session: /home/ann/miniconda3, /opt/conda",
            Fix(
                "Remove /opt/conda from the search path",
                RemoveFromPath("/opt/conda/bin"),
                RemoveFromPath("/opt/conda/condabin"),
            ),
            "/opt/conda",
            (
                Evidence("/home/ann/miniconda3/bin/conda", "CONDA_EXE"),
                Evidence("/opt/conda/bin", "PATH"),
                Evidence("/opt/conda/condabin", "PATH"),
            ),
        )
    ]


@pytest.mark.sick("CND005")
def test_the_active_environment_belongs_to_another_conda() -> None:
    mine = named(MINE, ("CONDA_EXE", "/home/ann/miniconda3/bin/conda"))
    site = named(SITE, ("CONDA_PREFIX", "/opt/conda/envs/ml"))
    conda = CondaActivation(prefix="/opt/conda/envs/ml", real="/opt/conda/envs/ml", name="ml")
    [finding] = assess(several_conda_roots, CondaRoots((mine, site), active=MINE.path), conda)
    assert finding.severity is Severity.ERROR
    assert finding.message == (
        "the active /opt/conda/envs/ml belongs to the conda in /opt/conda, "
        "but `conda` is here that of /home/ann/miniconda3"
    )


@pytest.mark.healthy("CND005")
def test_a_conda_that_only_lies_there_and_micromamba_beside_conda() -> None:
    mine = named(MINE, ("CONDA_EXE", "/home/ann/miniconda3/bin/conda"))
    idle = msgspec.structs.replace(SITE, named=(RootName("/home/ann/.zshrc:3", "/opt/conda", in_session=False),))
    mamba = CondaRoot("/home/ann/micromamba", "/home/ann/micromamba", RootKind.MAMBA)
    mamba = named(mamba, ("MAMBA_ROOT_PREFIX", "/home/ann/micromamba"))
    assert assess(several_conda_roots, CondaRoots((mine, idle, mamba), active=MINE.path)) == []
    assert assess(several_conda_roots, CondaRoots((mine,), active=MINE.path)) == []


BASE = CondaActivation(prefix="/opt/conda", real="/opt/conda", name="base", is_base=True, position=0)


IN_BASE = Answers(python=make_answer_in("python", "/opt/conda"))


PROJECT = Project("/home/ann/app", workspace_root="/home/ann/app")


def in_base(**changes: Fact) -> list[Finding]:
    facts: dict[str, Fact] = {"conda": BASE, "roots": CondaRoots((SITE,)), "answers": IN_BASE, "project": PROJECT}
    return assess(working_in_base, *{**facts, "examined": make_examined(), **changes}.values())


@pytest.mark.sick("CND010")
def test_a_project_is_worked_on_in_the_base() -> None:
    [finding] = in_base()
    assert finding.message == "the project in /home/ann/app uses conda's base environment /opt/conda"
    assert finding.severity is Severity.INFO


@pytest.mark.sick("CND010")
def test_a_base_that_uv_does_not_recognise_fills_up() -> None:
    target = UvTarget("/opt/conda", Source.CONDA, "CONDA_PREFIX names it")
    [finding] = in_base(uv=UvTargets((0, 13, 9), target, target, target))
    assert finding.severity is Severity.WARNING
    assert finding.message.endswith(", which uv takes for an ordinary environment")


@pytest.mark.healthy("CND010")
@pytest.mark.parametrize(
    "changes",
    [
        {"venv": ActiveVenv("/v", Venv(root="/v", real="/v"))},
        {"seen": Surroundings((0, 13, 9), nearby=(Nearby(UvPlace("/home/ann/app/.venv")),))},
        {"examined": make_examined(Marker(Place.CONTAINER, "Docker", "/.dockerenv"))},
        {"conda": msgspec.structs.replace(BASE, prefix="/opt/conda/envs/ml", real="/opt/conda/envs/ml")},
        {"answers": Answers(python=make_answer_in("python", "/usr"))},
    ],
)
def test_the_base_is_only_in_the_background(changes: dict[str, Fact]) -> None:
    assert in_base(**changes) == []


@pytest.mark.sick("CND012")
def test_a_conda_from_pip() -> None:
    command = CondaCommand("/home/ann/app/.venv/bin/conda", "/home/ann/app/.venv", False, "pip", "4.3.16")
    assert assess(pip_installed_conda, command) == [
        Finding(
            "/home/ann/app/.venv/bin/conda is conda 4.3.16 from pip, which is not a working conda",
            Fix(
                "Uninstall conda from this environment",
                Run("/home/ann/app/.venv/bin/python", "-m", "pip", "uninstall", "--yes", "conda"),
                safety=Safety.CHANGES_STATE,
            ),
            "/home/ann/app/.venv/bin/conda",
            (Evidence("conda 4.3.16, installed by pip", "/home/ann/app/.venv"),),
        )
    ]
    [finding] = assess(pip_installed_conda, msgspec.structs.replace(command, installer="uv"))
    assert finding.fix.actions == (
        Run("uv", "pip", "uninstall", "--python", "/home/ann/app/.venv/bin/python", "conda"),
    )


@pytest.mark.healthy("CND012")
@pytest.mark.parametrize(
    "command",
    [
        CondaCommand("/opt/conda/condabin/conda", "/opt/conda", True, "conda", "26.7.1"),
        CondaCommand("/opt/conda/condabin/conda", "/opt/conda", True, "pip", "26.7.1"),
        CondaCommand("/usr/bin/conda", "/usr", False),
        CondaCommand("/usr/bin/conda", "/usr", False, "rpm", "4.14"),
    ],
)
def test_a_conda_of_its_own_root_or_of_the_system(command: CondaCommand) -> None:
    assert assess(pip_installed_conda, command) == []
