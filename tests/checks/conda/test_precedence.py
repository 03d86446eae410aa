from __future__ import annotations

import msgspec
import pytest

from envdoctor import (
    Activate,
    Evidence,
    Finding,
    Fix,
    Severity,
)
from envdoctor.facts.commands.commands import Hit
from envdoctor.facts.commands.resolve import HitKind, ShimManager
from envdoctor.facts.pyenv.versions import Pyenv, PyenvRoot, Selection
from envdoctor.facts.python.active import Answer, Answers
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor.facts.venv.active import ActiveVenv
from envdoctor.testing import assess
from envdoctor_checks.conda.precedence import conda_and_pyenv_order, conda_and_venv_split
from tests.builders import make_interpreter
from tests.checks.conda.test_activation import BASE, CHILD, LOST, ML, SAID, TO_THE_FRONT, VENV, python


@pytest.mark.sick("CND003")
def test_conda_stands_before_the_virtual_environment() -> None:
    assert assess(conda_and_venv_split, CHILD, VENV, python(ML)) == [
        Finding(
            f"/home/ann/app/.venv is active, but `python` is that of the conda environment {ML}",
            Fix("Activate the virtual environment again", Activate("/home/ann/app/.venv")),
            "/home/ann/app/.venv",
            (
                Evidence("/home/ann/app/.venv", "VIRTUAL_ENV"),
                *SAID,
                Evidence(f"{ML}/bin/python answers to python", "PATH"),
            ),
        )
    ]


@pytest.mark.healthy("CND003")
@pytest.mark.parametrize("prefix", [VENV.value, "/usr", None])
def test_the_virtual_environment_stands_before_conda_or_neither_answers(prefix: str | None) -> None:
    assert assess(conda_and_venv_split, BASE, VENV, python(prefix, base_prefix="/usr")) == []
    assert assess(conda_and_venv_split, BASE, ActiveVenv("/gone", None), python("/opt/conda")) == []


SHIMS = "/home/ann/.pyenv/shims"


PYENV = Pyenv((PyenvRoot("/home/ann/.pyenv", "HOME", ("3.12.1",), Selection((), "/home/ann/.pyenv/version")),))


def shim(prefix: str, position: int = 0) -> Answers:
    hit = Hit(
        "python", f"{SHIMS}/python", position, f"{SHIMS}/python", HitKind.SHIM, f"{prefix}/bin/python",
        manager=ShimManager.PYENV,
    )  # fmt: skip
    return Answers(python=Answer("python", hit, make_interpreter(prefix)))


@pytest.mark.sick("CND007")
def test_shims_stand_before_conda() -> None:
    behind = msgspec.structs.replace(CHILD, position=1)
    assert assess(conda_and_pyenv_order, behind, shim("/home/ann/.pyenv/versions/3.12.1"), PYENV) == [
        Finding(
            f"pyenv's shims in {SHIMS} stand before the active conda environment {ML}",
            TO_THE_FRONT,
            SHIMS,
            (*SAID, Evidence(f"{SHIMS}/python runs /home/ann/.pyenv/versions/3.12.1", "PATH")),
            Severity.ERROR,
        )
    ]
    base = msgspec.structs.replace(BASE, position=1)
    [finding] = assess(conda_and_pyenv_order, base, shim("/home/ann/.pyenv/versions/3.12.1"), PYENV)
    assert finding.severity is Severity.WARNING


@pytest.mark.sick("CND007")
def test_the_start_up_file_that_puts_pyenv_first_is_named() -> None:
    behind = msgspec.structs.replace(CHILD, position=1)
    block = StartupLine(file="/home/ann/.bashrc", number=10, text="# >>> conda", kind=LineKind.BLOCK, name="conda")
    late = StartupLine(file="/home/ann/.bashrc", number=30, text="pyenv init -", kind=LineKind.INIT, name="pyenv")
    early = msgspec.structs.replace(late, number=2)
    place = shim("/home/ann/.pyenv/versions/3.12.1")
    [finding] = assess(conda_and_pyenv_order, behind, place, PYENV, StartupFiles(lines=(early, block, late)))
    assert finding.evidence[-1] == Evidence("pyenv is set up after conda: pyenv init -", "/home/ann/.bashrc:30")
    [finding] = assess(conda_and_pyenv_order, behind, place, PYENV, StartupFiles(lines=(early, block)))
    assert finding.evidence[-1].origin == "PATH"


@pytest.mark.healthy("CND007")
def test_shims_that_lead_to_conda_or_stand_behind_it() -> None:
    behind = msgspec.structs.replace(CHILD, position=1)
    elsewhere = "/home/ann/.pyenv/versions/3.12.1"
    hosted = "/home/ann/.pyenv/versions/miniconda3-latest"
    assert assess(conda_and_pyenv_order, behind, shim(ML), PYENV) == []
    assert assess(conda_and_pyenv_order, CHILD, shim(elsewhere, 1), PYENV) == []
    assert assess(conda_and_pyenv_order, LOST, shim(elsewhere), PYENV) == []
    assert assess(conda_and_pyenv_order, behind, python("/usr"), PYENV) == []
    assert assess(conda_and_pyenv_order, behind, shim(elsewhere), PYENV, VENV) == []
    conda = msgspec.structs.replace(behind, prefix=hosted, real=hosted)
    assert assess(conda_and_pyenv_order, conda, shim(elsewhere), PYENV) == []
