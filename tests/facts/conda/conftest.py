from __future__ import annotations

from pathlib import Path

import pytest

from tests.clinic.conda import make_prefix


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    return make_prefix(tmp_path / "env", python=False)
