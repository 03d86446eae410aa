from __future__ import annotations

from pathlib import Path

import pytest

from tests.facts.project.environment_world import PROJECT, write


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path / "p/pyproject.toml", PROJECT)
    return tmp_path / "p"
