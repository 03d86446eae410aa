from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.facts.venv.active_world import by_venv


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real environment, to be copied and not to be changed."""
    return by_venv(tmp_path_factory.mktemp("made") / "env")


@pytest.fixture
def env(made: Path, tmp_path: Path) -> Path:
    """An environment of one's own: a copy, with its own name in `activate`."""
    shutil.copytree(made, tmp_path / "env", symlinks=True)
    activate = tmp_path / "env/bin/activate"
    activate.write_text(activate.read_text().replace(str(made), str(tmp_path / "env")))
    return tmp_path / "env"
