"""What interpreters say of themselves, held against what the real ones and their real pips do."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from envdoctor.facts.python.interpreters import (
    FailureKind,
    Interpreters,
)
from tests.facts.python.interpreters_world import make_script
from tests.support import make_session, see

pytestmark = pytest.mark.tools


def everything(path: str, python: str | None = None, **variables: str) -> Interpreters:
    return see(Interpreters, make_session({"PATH": path, "HOME": "/nonexistent", **variables}, python=python))


def test_each_python_of_each_environment_is_asked_once(env: Path, tmp_path: Path) -> None:
    make_script(env / "bin/pip", "").write_text(f"#!{env}/bin/python3\n")
    (tmp_path / "link").symlink_to(env)
    found = everything(f"{env}/bin", VIRTUAL_ENV=f"{tmp_path}/link")
    [python] = found.answered
    expected = (f"{env}/bin/python", f"{env}/bin/python3", f"{tmp_path}/link/bin/python")
    assert python.asked_as == expected
    assert all(found.at(path) is python for path in expected)
    assert found.at("/elsewhere") is found.at(None) is None


def test_an_environment_and_its_base_are_two_answers(env: Path) -> None:
    base = os.path.dirname(os.path.realpath(sys.executable))
    found = everything(base, CONDA_PREFIX=str(env))
    assert [python.is_venv for python in found.answered] == [False, True]


def test_the_projects_environment_is_asked_only_if_it_is_active(env: Path) -> None:
    (env.parent / ".venv").symlink_to(env)
    variables = {"PATH": "/nonexistent", "HOME": "/nonexistent"}
    found = see(Interpreters, make_session(variables, cwd=env.parent))
    assert found == Interpreters()
    found = see(Interpreters, make_session({**variables, "VIRTUAL_ENV": str(env)}, cwd=env.parent))
    assert [python.asked_as for python in found.answered] == [(f"{env}/bin/python", f"{env.parent}/.venv/bin/python")]


def test_a_dangling_python_of_the_active_environment_is_a_failure(env: Path) -> None:
    (env / "bin/python").unlink()
    (env / "bin/python").symlink_to("/gone/python3")
    found = everything("/nonexistent", VIRTUAL_ENV=str(env))
    failure = found.failure_at(f"{env}/bin/python")
    assert failure is not None
    assert failure.kind is FailureKind.MISSING


def test_a_failure_is_found_by_its_path(tmp_path: Path) -> None:
    python = make_script(tmp_path / "python", "exit 1")
    found = everything(f"{tmp_path}:/bin", VIRTUAL_ENV="/gone", CONDA_PREFIX="relative")
    failure = found.failure_at(str(python))
    assert failure is not None
    assert failure.kind is FailureKind.FAILED


@pytest.mark.parametrize("form", ["{env}/bin/python", "{env}", "{env}/bin/../bin/python"])
def test_the_chosen_python_is_asked(form: str, env: Path) -> None:
    found = everything("/nonexistent", python=form.format(env=env))
    chosen = found.at(found.chosen)
    assert chosen is not None
    assert chosen.root == str(env)


def test_a_chosen_name_is_looked_up(env: Path) -> None:
    found = everything(f"{env}/bin", python="python3")
    assert found.chosen == f"{env}/bin/python3"
    found = everything(f"{env}/bin", python="python9")
    failure = found.failure_at(found.chosen)
    assert failure is not None
    assert failure.kind is FailureKind.MISSING
