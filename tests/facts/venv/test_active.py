"""Virtual environments as venv, virtualenv and uv really make them, and as they end up after accidents."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.venv.active import (
    ActiveVenv,
    ProjectVenv,
    VenvProblem,
    probe_active_venv,
    probe_project_venv,
)
from envdoctor.facts.venv.layout import (
    Form,
    examine,
)
from tests.support import make_session

pytestmark = pytest.mark.tools


def active(value: str, cwd: Path | None = None) -> ActiveVenv:
    return probe_active_venv(make_session({"VIRTUAL_ENV": value}, cwd=cwd or "/"))


def test_the_active_environment_is_what_the_variable_names(env: Path) -> None:
    assert active(f"{env}/") == ActiveVenv(f"{env}/", examine(f"{env}/"))


def test_a_relative_value_is_a_problem_even_where_it_leads_somewhere(env: Path) -> None:
    found = active("env", env.parent)
    assert found.problem is VenvProblem.RELATIVE
    assert found.venv is not None
    assert found.venv.root == str(env)
    assert active("gone", env.parent) == ActiveVenv("gone", None, VenvProblem.RELATIVE)


def test_what_is_no_environment_says_so(env: Path, tmp_path: Path) -> None:
    assert active("/gone") == ActiveVenv("/gone", None, VenvProblem.GONE)
    assert active(f"{env}/bin").problem is VenvProblem.NOT_AN_ENVIRONMENT
    (env / "pyvenv.cfg").unlink()
    assert active(str(env)).venv is not None
    (env / "conda-meta").mkdir()
    assert active(str(env)).problem is VenvProblem.NOT_AN_ENVIRONMENT


@pytest.mark.parametrize("variables", [{}, {"VIRTUAL_ENV": ""}])
def test_unset_and_empty_are_the_same(variables: dict[str, str]) -> None:
    with pytest.raises(Unavailable, match="no virtual environment is active"):
        probe_active_venv(make_session(variables))


def project(cwd: Path) -> ProjectVenv:
    return probe_project_venv(make_session({}, cwd=cwd))


def test_the_nearest_environment_upward_is_the_projects(env: Path, tmp_path: Path) -> None:
    env.rename(tmp_path / ".venv")
    (tmp_path / "src/deep").mkdir(parents=True)
    found = project(tmp_path / "src/deep")
    assert found == ProjectVenv(f"{tmp_path}/.venv", 2, examine(f"{tmp_path}/.venv"))
    assert found.project == str(tmp_path)


def test_a_link_and_a_redirect_file_are_followed(env: Path, tmp_path: Path) -> None:
    (tmp_path / "link").mkdir()
    (tmp_path / "link/.venv").symlink_to(env)
    (tmp_path / "file").mkdir()
    (tmp_path / "file/.venv").write_text("../env\n")
    link, file = project(tmp_path / "link").venv, project(tmp_path / "file").venv
    assert link == examine(f"{tmp_path}/link/.venv", Form.SYMLINK)
    assert file == examine(str(env), Form.REDIRECT)


@pytest.mark.parametrize(
    ("kind", "problem"),
    [
        ("directory", VenvProblem.NOT_AN_ENVIRONMENT),
        ("dangling", VenvProblem.GONE),
        ("empty", VenvProblem.EMPTY_REDIRECT),
        ("binary", VenvProblem.EMPTY_REDIRECT),
        ("lost", VenvProblem.GONE),
        ("fifo", VenvProblem.NOT_AN_ENVIRONMENT),
    ],
)
def test_a_broken_one_ends_the_search(kind: str, problem: VenvProblem, env: Path, tmp_path: Path) -> None:
    env.rename(tmp_path / ".venv")
    (tmp_path / "inner").mkdir()
    path = tmp_path / "inner/.venv"
    match kind:
        case "directory":
            path.mkdir()
        case "dangling":
            path.symlink_to("/gone")
        case "empty":
            path.touch()
        case "binary":
            path.write_bytes(b"\0")
        case "lost":
            path.write_text("../lost")
        case _:
            os.mkfifo(path)
    assert project(tmp_path / "inner") == ProjectVenv(str(path), 0, None, problem)


def test_inside_an_environment_it_is_the_projects(env: Path) -> None:
    found = project(env / "bin")
    assert (found.path, found.level, found.inside) == (str(env), 1, True)


def test_without_any_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="in any directory above"):
        project(tmp_path)
    with pytest.raises(Unavailable, match="has been deleted"):
        probe_project_venv(make_session({}, cwd=None))
