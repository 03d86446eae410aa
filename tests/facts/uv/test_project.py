from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from envdoctor import Unavailable
from envdoctor.facts.uv.directories import Place, Standing
from envdoctor.facts.uv.project import UvProject, probe_uv_project
from envdoctor.facts.uv.target import project_target
from tests.clinic.uv import newest_uv
from tests.support import make_session

PROJECT = '[project]\nname = "{}"\nversion = "0"\nrequires-python = ">=3.8"\n'


def project(directory: Path, **env: str) -> UvProject:
    return probe_uv_project(make_session(env, cwd=directory))


def write(directory: Path, text: str) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "pyproject.toml").write_text(text.format(directory.name))
    return directory


def test_no_project(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no project here"):
        project(tmp_path)


def test_the_nearest_pyproject_is_the_project(tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    (tmp_path / "uv.lock").touch()
    (tmp_path / "src").mkdir()
    environment = Place(f"{tmp_path}/.venv", Standing.MISSING)
    assert project(tmp_path / "src") == UvProject(str(tmp_path), str(tmp_path), environment, has_lock=True)


def test_a_project_that_uv_does_not_manage_is_none(tmp_path: Path) -> None:
    write(tmp_path, PROJECT + "[tool.uv]\nmanaged = false\n")
    with pytest.raises(Unavailable, match="says that uv does not manage it"):
        project(tmp_path)


def test_the_environment_may_be_named_by_a_variable(tmp_path: Path) -> None:
    write(tmp_path, PROJECT + "[tool.uv]\npackage = false\n")
    seen = project(tmp_path, UV_PROJECT_ENVIRONMENT="../env")
    assert seen.environment == Place(f"{tmp_path.parent}/env", Standing.MISSING, shown="../env")
    assert seen.origin == "UV_PROJECT_ENVIRONMENT"
    assert seen.uses_uv


@pytest.mark.tools
@pytest.mark.parametrize(
    ("members", "exclude", "middle"),
    [
        ('["a/leaf"]', "[]", None),
        ('["a/*"]', "[]", None),
        ('["a/*"]', '["a/leaf"]', None),
        ('["*"]', "[]", None),
        ('["a/*"]', "[]", PROJECT),
        ('["a/*"]', "[]", "[tool.other]\n"),
    ],
)
def test_the_workspace_is_the_one_that_uv_finds(tmp_path: Path, members: str, exclude: str, middle: str | None) -> None:
    leaf = write(tmp_path / "a" / "leaf", PROJECT)
    write(tmp_path, PROJECT + f"[tool.uv.workspace]\nmembers = {members}\nexclude = {exclude}\n")
    if middle:
        write(tmp_path / "a", middle)
    done = subprocess.run(
        [newest_uv(), "sync", "--dry-run", "--offline", "--verbose"],
        cwd=leaf,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "UV_PYTHON_DOWNLOADS": "never"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"Found workspace root: {project(leaf).workspace}\n" in done.stderr.replace("`", "")


@pytest.mark.parametrize("text", ["[", "\0", "tool = 1", "[tool]\nuv = 1", "[tool.uv]\nworkspace = 1"])
def test_a_pyproject_of_odd_shapes_is_no_trouble(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    assert project(tmp_path).workspace == str(tmp_path)


@pytest.mark.tools
@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"UV_PROJECT_ENVIRONMENT": "envs/app"},
        {"UV_PROJECT_ENVIRONMENT": ""},
        {"VIRTUAL_ENV": "/nonexistent"},
        {"UV_SYSTEM_PYTHON": "1"},
    ],
)
def test_project_commands_work_where_uv_says(tmp_path: Path, variables: dict[str, str]) -> None:
    write(tmp_path, PROJECT)
    (tmp_path / "src").mkdir()
    done = subprocess.run(
        [newest_uv(), "sync", "--dry-run", "--offline"],
        cwd=tmp_path / "src",
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "UV_PYTHON_DOWNLOADS": "never", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    [place] = re.findall(r"project environment at: (\S+)", done.stderr)
    ours = project_target(project(tmp_path / "src", **variables)).root
    assert ours == os.path.normpath(os.path.join(tmp_path / "src", place))
