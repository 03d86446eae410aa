from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.project.project import ProjectManager
from tests.clinic.projects import write
from tests.facts.dependencies.refusals_world import PROJECT, said

UV, PIP = ProjectManager.UV, ProjectManager.PIP


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("[project]\nname = \n", 2, "Invalid value"),
        (
            f"{PROJECT}[dependency-groups]\nd = [{{include-group = 'no'}}]\n",
            5,
            "failed to find group `no` included by `d`",
        ),
        (f"{PROJECT}dependencies = [\n'x==',\n]\n", 5, "`x==` is no requirement"),
        (f"{PROJECT}[dependency-groups]\nd = ['x==']\n", 5, "`x==` is no requirement"),
        (f"{PROJECT}requires-python = '3.9+'\n", 4, "`3.9+` is no version specifier"),
        (f"{PROJECT}[tool.uv]\ndefault-groups = ['no']\n", 5, "default group `no` is not defined"),
        ("[project]\nname = 'a'\n", 0, "the required `project.version` field is neither set nor present"),
        ("[project]\nversion = '1'\n", 0, "the required `project.name` field is not set"),
    ],
)
def test_a_manifest_of_uv(tmp_path: Path, text: str, line: int, reason: str) -> None:
    write(tmp_path / "pyproject.toml", text)
    [(number, why)] = said(tmp_path)
    assert (number, why[: len(reason)]) == (line, reason)


@pytest.mark.parametrize(
    ("text", "manager"),
    [
        (PROJECT, UV),
        ("[project]\nname = 'a'\ndynamic = ['version']\n", UV),
        ("[project]\nname = 'a'\n", PIP),
        ("[tool.uv]\ndefault-groups = ['dev']\n", UV),
        ("[tool.uv]\ndefault-groups = 'all'\n", UV),
    ],
)
def test_a_manifest_that_is_admitted(tmp_path: Path, text: str, manager: ProjectManager) -> None:
    write(tmp_path / "pyproject.toml", text)
    assert said(tmp_path, manager) == []
