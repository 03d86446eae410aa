from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.project.brought import Doubt, Doubtful, names_its_place, probe_brought_environments
from envdoctor.facts.project.environment import EnvironmentSource, ProjectEnvironment
from envdoctor.facts.venv.active import ActiveVenv, ProjectVenv
from tests.support import make_session, needs_tool

pytestmark = pytest.mark.tools


def git(directory: Path, *arguments: str) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"}
    command = [needs_tool("git"), "-c", "init.defaultBranch=main", "-C", str(directory), *arguments]
    subprocess.run(command, check=True, env=env, capture_output=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with an environment in it that was made there, and that git does not keep yet."""
    root = tmp_path / ".venv"
    git(tmp_path, "init")
    (root / "bin").mkdir(parents=True)
    (root / "bin" / "python").write_text("#!/bin/sh\n")
    (root / "bin" / "activate").write_text(f"VIRTUAL_ENV='{root}'\nexport VIRTUAL_ENV\n")
    (root / "pyvenv.cfg").write_text("home = /usr/bin\n")
    return tmp_path


def look(
    clone: Path, active: ActiveVenv | None = None, used: ProjectEnvironment | None = None, *, lifted: bool = False
) -> tuple[Doubtful, ...]:
    made = make_session()
    made.lifted = lifted
    try:
        return probe_brought_environments(made, ProjectVenv(f"{clone}/.venv", 0, None), used, active).environments
    except Unavailable:
        return ()


def environment(root: Path, source: EnvironmentSource) -> ProjectEnvironment:
    return ProjectEnvironment(root=str(root), source=source, python=f"{root}/bin/python", version=(3, 12))


def test_an_environment_that_git_keeps_is_told(clone: Path) -> None:
    git(clone, "add", "--force", ".venv/bin/python")
    assert look(clone) == (Doubtful(f"{clone}/.venv", Doubt.KEPT),)


def test_a_link_that_git_keeps_is_told_too(clone: Path) -> None:
    (clone / ".venv").rename(clone / "other")
    (clone / ".venv").symlink_to("other")
    git(clone, "add", ".venv")
    assert look(clone) == (Doubtful(f"{clone}/.venv", Doubt.KEPT),)


def test_the_users_own_is_not_told(clone: Path) -> None:
    (clone / ".venvs").write_text("")
    git(clone, "add", ".venvs")
    assert look(clone) == ()
    assert look(clone, used=environment(clone / ".venv", EnvironmentSource.OWN)) == ()


def test_an_active_one_is_the_users_word(clone: Path) -> None:
    git(clone, "add", "--force", ".venv/bin/python")
    assert look(clone, ActiveVenv(f"{clone}/.venv", None)) == ()


def test_one_that_was_packed_elsewhere_is_told(clone: Path) -> None:
    (clone / ".venv" / "bin" / "activate").write_text("VIRTUAL_ENV='/home/mallory/project/.venv'\n")
    assert look(clone) == (Doubtful(f"{clone}/.venv", Doubt.MADE_ELSEWHERE),)
    assert look(clone, ActiveVenv(f"{clone}/.venv", None)) == ()


def test_so_is_one_that_names_no_place(clone: Path) -> None:
    (clone / ".venv" / "bin" / "activate").write_text('VIRTUAL_ENV="$(dirname "$SCRIPT")"\n')
    used = environment(clone / ".venv", EnvironmentSource.MANAGER)
    assert look(clone, used=used) == (Doubtful(f"{clone}/.venv", Doubt.MADE_ELSEWHERE, of_project=True),)


def test_an_environment_without_a_python_runs_nothing(clone: Path) -> None:
    (clone / ".venv" / "bin" / "activate").unlink()
    (clone / ".venv" / "bin" / "python").unlink()
    assert look(clone) == ()


@pytest.mark.parametrize("source", [EnvironmentSource.CHOSEN, EnvironmentSource.ACTIVE, EnvironmentSource.BARE])
def test_a_python_that_was_named_or_answers_is_not_asked_about(
    clone: Path, tmp_path: Path, source: EnvironmentSource
) -> None:
    (tmp_path / "opt" / "bin").mkdir(parents=True)
    (tmp_path / "opt" / "bin" / "python").write_text("")
    assert look(clone, used=environment(tmp_path / "opt", source)) == ()
    [told] = look(clone, used=environment(tmp_path / "opt", EnvironmentSource.OWN))
    assert told.doubt is Doubt.MADE_ELSEWHERE


def test_one_that_others_may_change_is_told_even_if_it_is_active(clone: Path) -> None:
    (clone / ".venv" / "bin").chmod(0o777)
    [told] = look(clone, ActiveVenv(f"{clone}/.venv", None))
    assert (told.doubt, told.detail) == (Doubt.OTHERS, f"{clone}/.venv/bin may be written by everybody")
    assert look(clone, lifted=True) == ()


def test_what_names_its_place(tmp_path: Path) -> None:
    (made := tmp_path / "made").mkdir()
    (made / "pyvenv.cfg").write_text(f"home = /usr/bin\ncommand = /usr/bin/python3 -m venv {made}\n")
    assert names_its_place(str(made), None)
    copied = made.rename(tmp_path / "copied")
    assert not names_its_place(str(copied), None)


def test_pixi_writes_down_whose_environment_it_is(tmp_path: Path) -> None:
    root = tmp_path / ".pixi" / "envs" / "default"
    (root / "conda-meta").mkdir(parents=True)
    record = root / "conda-meta" / "pixi"
    record.write_text(json.dumps({"manifest_path": f"{tmp_path}/pixi.toml", "environment_name": "default"}))
    assert names_its_place(str(root), None)
    for text in (
        '{"manifest_path": "/elsewhere/pixi.toml", "environment_name": "default"}',
        '{"manifest_path": 1, "environment_name": "default"}',
        '{"manifest_path": "/a\\u0000", "environment_name": "default"}',
        "[]",
        "[" * 50_000,
    ):
        record.write_text(text)
        assert not names_its_place(str(root), None)


def test_conda_lists_what_it_has_made_in_the_home(tmp_path: Path) -> None:
    (root := tmp_path / "env").mkdir()
    (root / "conda-meta").mkdir()
    (tmp_path / ".conda").mkdir()
    (tmp_path / ".conda" / "environments.txt").write_text(f"/opt/other\n{root}\n")
    assert names_its_place(str(root), str(tmp_path))
    assert not names_its_place(str(root), None)
    assert not names_its_place(str(tmp_path / ".conda"), str(tmp_path))
