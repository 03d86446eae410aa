from __future__ import annotations

from pathlib import Path

import pytest

from tests.clinic.projects import write
from tests.facts.dependencies.refusals_world import refused, said


def test_a_heading_is_no_conflict(tmp_path: Path) -> None:
    write(tmp_path / "environment.yml", "# Heading\n# =======\nname: x\ndependencies:\n- python\n")
    write(tmp_path / "requirements.txt", "# <<<<<<< \nidna\n")
    assert refused(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "line"), [(b"\xff\xfe\0", "a binary file"), (b"x = '\xff'\n", "line 1 is not UTF-8")]
)
def test_what_is_no_text(tmp_path: Path, content: bytes, line: str) -> None:
    (tmp_path / "pyproject.toml").write_bytes(content)
    assert said(tmp_path) == [(0, line)]
