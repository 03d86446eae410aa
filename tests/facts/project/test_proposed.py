from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.project.configuration import read
from envdoctor.facts.project.project import Claim, ClaimKind, Project, ProjectManager
from envdoctor.facts.project.proposed import EXAMPLES, proposed
from envdoctor.facts.project.pyproject import RequiresPython
from envdoctor.system.toml import Document, parse_toml


def of(root: Path, manager: ProjectManager = ProjectManager.PIP, file: str = "", requires: str = "") -> list[str]:
    """The lines that are proposed, without the comments around them. They are always a configuration."""
    claims = (Claim(manager, ClaimKind.LOCK, f"{root}/{file}"),) if file else ()
    wanted = RequiresPython(requires, (requires,), f"{root}/pyproject.toml:4") if requires else None
    text = proposed(Project(str(root), claims=claims, manager=manager), wanted, "expect")
    read(Document("/p/envdoctor.toml", text, parse_toml("/p/envdoctor.toml", text)))
    assert text.endswith(EXAMPLES)
    return [line for line in text.splitlines() if not line.startswith(("#", "["))]


def test_the_files_of_a_project_suggest_what_it_needs(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(
        "# FROM python:3.9\nFROM docker.io/library/python:3.12-slim AS base\n"
        "RUN apt-get update && \\\n    apt-get install -y --no-install-recommends git ffmpeg=7:5.1 \\\n"
        "    # needed for OpenGL\n    libgl1; rm -rf make\nRUN sudo apt install cmake\nRUN pip install ninja\n"
    )
    commands = 'commands = { git = "", ffmpeg = "", cmake = "" }  # from Dockerfile'
    assert of(tmp_path, ProjectManager.UV, "uv.lock", ">=3.11,<4") == [
        'python = ">=3.11,<4"  # from pyproject.toml:4',
        'manager = "uv"  # from uv.lock',
        commands,
    ]
    assert of(tmp_path) == ['python = "==3.12.*"  # from Dockerfile', commands]


def test_an_environment_of_conda_is_expected_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "environment.yml").write_text("channels: [x]\nname: ml-2\ndependencies:\n  - name: no\n")
    assert of(tmp_path, ProjectManager.CONDA, "environment.yml") == [
        'manager = "conda"  # from environment.yml',
        'environment = "ml-2"  # from environment.yml',
    ]


def test_one_beside_the_files_is_expected_where_no_manager_finds_it(tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/pyvenv.cfg").write_text("")
    assert of(tmp_path) == ['environment = ".venv"  # from .venv']
    assert of(tmp_path, ProjectManager.UV, "uv.lock") == ['manager = "uv"  # from uv.lock']


@pytest.mark.parametrize("requires", ['>=3"\n[x]', "3.11", "\x1b[31m", ">=3\\"])
def test_what_is_no_version_is_left_out(tmp_path: Path, requires: str) -> None:
    assert of(tmp_path, requires=requires) == []


def test_a_manager_that_cannot_be_expected_is_left_out(tmp_path: Path) -> None:
    assert of(tmp_path, ProjectManager.HATCH, "pyproject.toml") == []


def test_a_name_that_is_none_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "environment.yml").write_text('name: "a\\nb"\n')
    assert of(tmp_path, ProjectManager.CONDA, "environment.yml") == ['manager = "conda"  # from environment.yml']
