from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.dependencies.workspace_above import WorkspaceAbove
from tests.clinic.projects import write
from tests.support import make_session, see

MEMBER = '[project]\nname = "app"\nversion = "1"\n'


def look(root: Path, exclude: str = "") -> WorkspaceAbove:
    write(root / "pyproject.toml", f'[tool.uv.workspace]\nexclude = [{exclude}]\nmembers = ["libs/*", "*"]\n')
    write(root / "app/pyproject.toml", MEMBER)
    write(root / "app/uv.lock", "version = 1\n")
    write(root / "uv.lock", "version = 1\n")
    return see(WorkspaceAbove, make_session({"HOME": "/nowhere", "PATH": ""}, cwd=root / "app"))


def test_the_pattern_is_named(tmp_path: Path) -> None:
    found = look(tmp_path)
    root = str(tmp_path)
    assert found == WorkspaceAbove(root, f"{root}/pyproject.toml:3", "*", f"{root}/app/uv.lock")


def test_an_excluded_project_has_its_own(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="in no workspace"):
        look(tmp_path, '"app"')
