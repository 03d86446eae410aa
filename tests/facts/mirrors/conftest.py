from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mirror_server import MirrorServer


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A home with a project."""
    (tmp_path / "project").mkdir()
    (tmp_path / "project/pyproject.toml").write_text('[project]\nname = "demo"\n')
    return tmp_path / "project"


@pytest.fixture(scope="package")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MirrorServer]:
    with MirrorServer(tmp_path_factory.mktemp("mirror")) as server:
        yield server
