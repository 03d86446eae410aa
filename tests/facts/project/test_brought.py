from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.project.brought import BroughtEnvironments, probe_brought_environments
from envdoctor.facts.venv.active import ActiveVenv, ProjectVenv
from tests.support import needs_tool

pytestmark = pytest.mark.tools


def git(directory: Path, *arguments: str) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"}
    command = [needs_tool("git"), "-c", "init.defaultBranch=main", "-C", str(directory), *arguments]
    subprocess.run(command, check=True, env=env, capture_output=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with an environment in it that git does not keep yet."""
    git(tmp_path, "init")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").write_text("#!/bin/sh\n")
    return tmp_path


def look(clone: Path, active: ActiveVenv | None = None) -> BroughtEnvironments:
    return probe_brought_environments(ProjectVenv(f"{clone}/.venv", 0, None), None, active)


def test_an_environment_that_git_keeps_is_told(clone: Path) -> None:
    git(clone, "add", "--force", ".venv/bin/python")
    assert look(clone).roots == (f"{clone}/.venv",)


def test_a_link_that_git_keeps_is_told_too(clone: Path) -> None:
    (clone / ".venv").rename(clone / "other")
    (clone / ".venv").symlink_to("other")
    git(clone, "add", ".venv")
    assert look(clone).roots == (f"{clone}/.venv",)


def test_the_users_own_is_not_told(clone: Path) -> None:
    (clone / ".venvs").write_text("")
    git(clone, "add", ".venvs")
    with pytest.raises(Unavailable, match="git keeps no environment here"):
        look(clone)


def test_an_active_one_is_the_users_word(clone: Path) -> None:
    git(clone, "add", "--force", ".venv/bin/python")
    with pytest.raises(Unavailable):
        look(clone, ActiveVenv(f"{clone}/.venv", None))
