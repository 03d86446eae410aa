from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.project.project import (
    Claim,
    ClaimKind,
    Project,
    ProjectManager,
    matches,
    probe_project,
)
from tests.support import make_session, needs_tool

PROJECT = '[project]\nname = "x"\nversion = "0"\n'
UV, POETRY, PIPENV, PIP = ProjectManager.UV, ProjectManager.POETRY, ProjectManager.PIPENV, ProjectManager.PIP


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def look(root: Path, inside: str = "") -> Project:
    cwd = root / inside
    cwd.mkdir(parents=True, exist_ok=True)
    return probe_project(make_session({"HOME": str(root / "home")}, cwd=cwd))


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"pyproject.toml": "[tool.ruff]\nline-length = 120\n"},
        {"notes.txt": ""},
        {"requirements-dev.txt": "pytest"},
    ],
)
def test_a_directory_that_is_no_project(tmp_path: Path, files: dict[str, str]) -> None:
    write(tmp_path, files)
    with pytest.raises(Unavailable, match="belongs to no project"):
        look(tmp_path, "src")


def test_a_deleted_working_directory_is_no_project() -> None:
    with pytest.raises(Unavailable, match="deleted"):
        probe_project(make_session(cwd=None))


def test_the_nearest_project_is_found_from_inside(tmp_path: Path) -> None:
    write(tmp_path, {"a/pyproject.toml": PROJECT, "a/tests/pyproject.toml": "[tool.black]\n"})
    assert look(tmp_path, "a/tests/unit") == Project(
        str(tmp_path / "a"), str(tmp_path / "a/pyproject.toml"), str(tmp_path / "a")
    )


def test_requirements_of_a_folder_do_not_make_it_a_project(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": PROJECT, "docs/requirements.txt": "sphinx"})
    assert look(tmp_path, "docs").root == str(tmp_path)


@pytest.mark.parametrize("own_ground", ["app/.git/HEAD", "app/.venv/pyvenv.cfg", ".git/HEAD", "app/sub/../.git"])
def test_requirements_on_own_ground_do(tmp_path: Path, own_ground: str) -> None:
    outer = tmp_path / "outer"
    write(outer, {"app/requirements.txt": "rich", "app/sub/x": ""})
    write(outer, {own_ground: ""})
    write(tmp_path, {"pyproject.toml": PROJECT})
    assert look(outer, "app/sub").root == str(outer / "app")


def test_what_lies_in_the_home_directory_is_not_the_project_of_what_is_below(tmp_path: Path) -> None:
    write(tmp_path / "home", {"pyproject.toml": PROJECT, "requirements.txt": "rich"})
    with pytest.raises(Unavailable):
        look(tmp_path, "home/somewhere")
    assert look(tmp_path, "home").root == str(tmp_path / "home")


def test_a_malformed_manifest_is_named_and_the_other_files_still_speak(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "[project]\nname = \n", "poetry.lock": ""})
    seen = look(tmp_path)
    assert seen.problem == f"{tmp_path}/pyproject.toml:2: Invalid value"
    assert seen.manager is POETRY


@pytest.mark.parametrize(
    ("files", "manager"),
    [
        ({"pyproject.toml": PROJECT}, PIP),
        ({"pyproject.toml": PROJECT, "uv.lock": ""}, UV),
        ({"pyproject.toml": PROJECT + "[tool.uv]\n"}, UV),
        ({"pyproject.toml": PROJECT + "[[tool.uv.index]]\nurl='x'\n"}, UV),
        ({"pyproject.toml": PROJECT + "[build-system]\nbuild-backend = 'poetry.core.masonry.api'\n"}, PIP),
        ({"pyproject.toml": PROJECT + "[tool.poetry]\npackages = []\n", "uv.lock": ""}, UV),
        ({"pyproject.toml": "[tool.poetry]\nname='x'\n[tool.poetry.dependencies]\n"}, POETRY),
        ({"pyproject.toml": PROJECT, "poetry.toml": ""}, POETRY),
        ({"pyproject.toml": "[tool.poetry.dependencies]\n", "uv.lock": "", "poetry.lock": ""}, POETRY),
        ({"pyproject.toml": PROJECT + "[tool.uv]\n", "uv.lock": "", "poetry.lock": ""}, UV),
        ({"pyproject.toml": PROJECT, "uv.lock": "", "requirements.txt": "rich"}, UV),
        ({"Pipfile": ""}, PIPENV),
        ({"Pipfile.lock": "{}", "requirements.txt": ""}, PIPENV),
        ({"pyproject.toml": PROJECT + "[tool.pdm.build]\nx=1\n"}, PIP),
        ({"pyproject.toml": PROJECT + "[tool.pdm.scripts]\nx='y'\n"}, ProjectManager.PDM),
        ({"pyproject.toml": PROJECT + "[tool.hatch.version]\nx='y'\n"}, PIP),
        ({"pyproject.toml": PROJECT + "[tool.hatch.envs.default]\nx='y'\n"}, ProjectManager.HATCH),
        ({"pixi.toml": ""}, ProjectManager.PIXI),
        ({"environment.yml": "", "requirements.txt": ""}, ProjectManager.CONDA),
        ({"requirements.txt": ""}, PIP),
        ({"setup.py": ""}, PIP),
    ],
)
def test_the_manager_is_judged_by_the_evidence(tmp_path: Path, files: dict[str, str], manager: ProjectManager) -> None:
    write(tmp_path, files)
    assert look(tmp_path).manager is manager


def test_claims_keep_their_place(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"pyproject.toml": PROJECT + "[tool.poetry.group.dev.dependencies]\nx = '*'\n", "uv.lock": "", "Pipfile": ""},
    )
    seen = look(tmp_path)
    assert seen.claims == (
        Claim(UV, ClaimKind.LOCK, str(tmp_path / "uv.lock")),
        Claim(POETRY, ClaimKind.TABLE, str(tmp_path / "pyproject.toml"), 4),
        Claim(PIPENV, ClaimKind.FILE, str(tmp_path / "Pipfile")),
    )
    assert seen.claims[1].origin == f"{tmp_path}/pyproject.toml:4"
    assert seen.lock_of(UV) == str(tmp_path / "uv.lock")
    assert seen.lock_of(POETRY) is None


MEMBERS = (
    "packages/a",
    "packages/a/src",
    "packages/x",
    "packages/x/y",
    "other/b",
    "deep/one",
    "deep/one/two",
    "lone/c",
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("workspace")
    table = '[tool.uv.workspace]\nmembers = ["packages/*", "deep/**", "lone/[!d]"]\nexclude = ["packages/x"]\n'
    write(root, {"pyproject.toml": PROJECT + table, "uv.lock": ""})
    for member in MEMBERS:
        (root / member).mkdir(parents=True, exist_ok=True)
        if member != "packages/a/src":
            name = os.path.basename(member)
            (root / member / "pyproject.toml").write_text(f'[project]\nname = "{name}"\nversion = "0"\n')
    return root


@pytest.mark.tools
@pytest.mark.parametrize("member", ["", *MEMBERS])
def test_the_workspace_root_is_the_one_that_uv_finds(workspace: Path, member: str) -> None:
    cwd = workspace / member
    command = [needs_tool("uv"), "workspace", "dir", "--offline"]
    env = {"HOME": str(workspace / "home"), "PATH": os.defpath}
    uv = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=True)
    assert look(workspace, member).workspace_root == uv.stdout.strip()


def test_the_lock_of_the_workspace_speaks_for_its_members(workspace: Path) -> None:
    seen = look(workspace, "packages/a/src")
    assert (seen.root, seen.manager) == (str(workspace / "packages/a"), UV)
    assert look(workspace, "other/b").manager is PIP


@pytest.mark.parametrize(
    ("path", "pattern", "fits"),
    [
        ("a", "*", True),
        ("a/b", "*", False),
        ("a/b", "**", True),
        ("a/b/c", "a/**", True),
        ("a", "a/**", False),
        ("a/c/b", "a/**/b", True),
        ("a/b", "a/**/b", True),
        ("b", "**/b", True),
        ("a/b", "./a/b/", True),
        ("a1", "a?", True),
        ("a+b", "a+b", True),
        ("a", "[", False),
        ("a", "[z-a]", False),
    ],
)
def test_globs(path: str, pattern: str, fits: bool) -> None:
    assert matches(path, pattern) is fits
