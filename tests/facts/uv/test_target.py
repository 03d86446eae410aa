"""Does envdoctor know where uv goes? Every row is asked of the real uv too."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from envdoctor.facts.uv.target import pip_target, run_target, satisfies
from tests.clinic.uv import newest_uv, run_target_of, target_of
from tests.uv_world import ROWS, build, filled, surroundings


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def version() -> str:
    return subprocess.run([newest_uv(), "--version"], capture_output=True, text=True, check=True).stdout.split()[1]


@pytest.mark.tools
@pytest.mark.parametrize(("directory", "variables"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_pip_install_goes_where_uv_says(world: Path, version: str, directory: str, variables: dict[str, str]) -> None:
    env = filled(world, variables)
    ours = pip_target(surroundings(world / directory, env, version))
    assert ours.root == target_of(newest_uv(), world / directory, env, world / "cache"), ours


@pytest.mark.tools
@pytest.mark.parametrize(
    "name",
    [
        "nothing is set",
        "a child of conda",
        "conda's base",
        "conda's base, and nothing near",
        "VIRTUAL_ENV",
        "VIRTUAL_ENV names nothing",
        "VIRTUAL_ENV names a conda environment",
        "a virtual environment is second on the path",
        "UV_SYSTEM_PYTHON",
    ],
)
def test_run_outside_a_project_goes_where_uv_says(world: Path, version: str, name: str) -> None:
    [(directory, variables)] = [row[1:] for row in ROWS if row[0] == name]
    env = filled(world, variables)
    ours = run_target(surroundings(world / directory, env, version))
    assert ours.root == run_target_of(newest_uv(), world / directory, env, world / "cache"), ours


@pytest.mark.parametrize(
    ("python", "request_", "answer"),
    [
        ("3.12", "3.12", True),
        ("3.12", "312", True),
        ("3.12", "3", True),
        ("3.11", "3.12", False),
        ("3.1", "3.12", False),
        ("3.12", "cpython-3.12-linux-x86_64-gnu", True),
        ("3.12", "CPython", None),
        ("3.12", "3.12.4", None),
        ("3.11", "3.12.4", False),
        ("3.12", ">=3.12", True),
        ("3.12", "<3.12", False),
        ("3.12", ">=3.10,<3.13", None),
        ("3.12", "pypy@3.10", None),
        ("3.12", "mine", None),
        (None, "3.12", None),
    ],
)
def test_requests_for_a_version(python: str | None, request_: str, answer: bool | None) -> None:
    assert satisfies(python, request_) is answer
