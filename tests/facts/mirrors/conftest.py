from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A home with a project."""
    (tmp_path / "project").mkdir()
    (tmp_path / "project/pyproject.toml").write_text('[project]\nname = "demo"\n')
    return tmp_path / "project"
