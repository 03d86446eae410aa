from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.dependencies.installed_versions import Version
from envdoctor.facts.dependencies.manifests import faults
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.project.pyproject import parse
from envdoctor.system.toml import read_toml
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


GROUPS = f"{PROJECT}[dependency-groups]\nd = [{{include-group = 'no'}}, 'x==']\ne = ['y==']\n"


# poetry 2.1.4 and pdm 2.19.3 pass over the table, poetry 2.5.1 and pdm 2.29.4 refuse both
@pytest.mark.parametrize(
    ("manager", "older", "newer"),
    [(ProjectManager.POETRY, (2, 1, 4), (2, 2, 0)), (ProjectManager.PDM, (2, 19, 3), (2, 20, 0))],
)
def test_groups_are_passed_over_by_managers_from_before_the_standard(
    tmp_path: Path, manager: ProjectManager, older: Version, newer: Version
) -> None:
    document = read_toml(str(write(tmp_path / "pyproject.toml", GROUPS)))
    assert list(faults(document, parse(document), manager, older)) == []
    assert {line for line, _ in faults(document, parse(document), manager, newer)} >= {6}
    assert {line for line, _ in faults(document, parse(document), manager, None)} >= {6}


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
