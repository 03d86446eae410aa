from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from tests.clinic.projects import write
from tests.facts.dependencies.refusals_world import refused, said


def test_a_heading_is_no_conflict(tmp_path: Path) -> None:
    write(tmp_path / "environment.yml", "# Heading\n# =======\nname: x\ndependencies:\n- python\n")
    write(tmp_path / "requirements.txt", "# <<<<<<< \nidna\n")
    assert refused(tmp_path) == []


@pytest.mark.parametrize("name", ["pyproject.toml", "uv.lock"])
def test_what_this_user_may_not_read(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "pyproject.toml", "[project]\nname = 'x'\nversion = '1'\n[tool.uv]\n")
    write(tmp_path / "uv.lock", "version = 1\nrequires-python = '>=3.9'\n")
    opened = os.open

    def denied(path: str, *arguments: Any) -> int:
        if os.path.basename(path) == name:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return opened(path, *arguments)

    monkeypatch.setattr(os, "open", denied)
    assert said(tmp_path) == [(0, "permission denied")]


@pytest.mark.parametrize(
    ("content", "line"), [(b"\xff\xfe\0", "a binary file"), (b"x = '\xff'\n", "line 1 is not UTF-8")]
)
def test_what_is_no_text(tmp_path: Path, content: bytes, line: str) -> None:
    (tmp_path / "pyproject.toml").write_bytes(content)
    assert said(tmp_path) == [(0, line)]
