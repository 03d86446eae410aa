from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.session.conda_activation import (
    CondaActivation,
    StackedPrefix,
    is_base,
    read_stack,
)
from tests.support import make_session, see


def make_prefix(prefix: Path, *programs: str) -> Path:
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "conda-meta" / "history").touch()
    (prefix / "bin").mkdir()
    for program in programs:
        (prefix / "bin" / program).touch()
    return prefix


def activation(**env: str) -> CondaActivation:
    return see(CondaActivation, make_session(env))


def test_an_environment_is_described_with_its_variables(tmp_path: Path) -> None:
    prefix = make_prefix(tmp_path / "envs/ml", "python", "pip")
    found = activation(
        PATH=f"/usr/bin:{prefix}/bin/",
        CONDA_PREFIX=f"{prefix}/",
        CONDA_DEFAULT_ENV="ml",
        CONDA_SHLVL="2",
        CONDA_PREFIX_1=str(tmp_path),
        CONDA_EXE=f"{tmp_path}/bin/conda",
        _CONDA_ROOT=str(tmp_path),
    )
    assert found == CondaActivation(
        prefix=f"{prefix}/",
        real=str(prefix),
        name="ml",
        depth="2",
        exe=f"{tmp_path}/bin/conda",
        root=str(tmp_path),
        stack=(StackedPrefix(1, str(tmp_path)),),
        position=1,
    )
    assert (found.bin, found.python) == (f"{prefix}/bin", f"{prefix}/bin/python")


def test_a_prefix_without_python_or_without_anything_is_seen(tmp_path: Path) -> None:
    empty = activation(CONDA_PREFIX=str(make_prefix(tmp_path / "empty")))
    assert (empty.exists, empty.has_meta, empty.has_python, empty.has_pip) == (True, True, False, False)
    gone = activation(CONDA_PREFIX="/gone")
    assert (gone.exists, gone.has_meta, gone.position) == (False, False, None)


def test_an_environment_that_is_stacked_on_another_is_told_by_the_mark_of_its_level(tmp_path: Path) -> None:
    prefix = str(make_prefix(tmp_path / "tools"))
    levels: tuple[dict[str, str], ...] = (
        {"CONDA_SHLVL": "2", "CONDA_STACKED_2": "true"},
        {"CONDA_SHLVL": "3", "CONDA_STACKED_2": "true"},
        {},
    )
    assert [activation(CONDA_PREFIX=prefix, **level).is_stacked for level in levels] == [True, False, False]


def test_pixi_is_recognised_and_never_base(tmp_path: Path) -> None:
    prefix = make_prefix(tmp_path / ".pixi/envs/default")
    (prefix / "conda-meta/pixi").touch()
    found = activation(CONDA_PREFIX=str(prefix), CONDA_DEFAULT_ENV="project")
    assert (found.is_pixi, found.is_base) == (True, False)


@pytest.mark.parametrize("env", [{}, {"CONDA_PREFIX": ""}, {"CONDA_SHLVL": "0", "CONDA_EXE": "/opt/conda/bin/conda"}])
def test_without_a_prefix_nothing_is_active(env: dict[str, str]) -> None:
    with pytest.raises(Unavailable, match="no conda environment is active"):
        activation(**env)


@pytest.mark.parametrize(
    ("prefix", "name", "root", "expected"),
    [
        ("/opt/conda", "base", None, True),
        ("/opt/conda", "base", "/opt/conda/", True),
        ("/opt/conda", "/opt/conda", "/opt/conda", True),
        ("/opt/conda", None, None, False),
        ("/opt/conda", None, "/opt/conda", True),
        ("/opt/conda", "/opt/conda", None, False),
        ("/opt/conda/envs/ml", "ml", "/opt/conda", False),
        ("/opt/conda/envs/ml/", "ml", None, False),
        ("/project/env", "/project/env", "/opt/conda", False),
        ("/opt/base", "base", None, False),
        ("/opt/conda", "", None, False),
    ],
)
def test_base_is_told_from_the_others(prefix: str, name: str | None, root: str | None, expected: bool) -> None:
    assert is_base(prefix, name, root) == expected


def test_the_stack_may_have_gaps() -> None:
    env = {"CONDA_PREFIX_1": "/opt/conda", "CONDA_PREFIX_3": "", "CONDA_PREFIX_x": "/no"}
    assert read_stack(env) == (StackedPrefix(1, "/opt/conda"),)


def test_conda_knows_an_environment_by_its_history(tmp_path: Path) -> None:
    prefix = make_prefix(tmp_path / "envs/ml")
    assert activation(CONDA_PREFIX=str(prefix)).has_history
    (prefix / "conda-meta" / "history").unlink()
    assert not activation(CONDA_PREFIX=str(prefix)).has_history
