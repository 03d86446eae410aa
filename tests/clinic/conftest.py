from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clinic.patient import Patient


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Patient]:
    """A user with bash."""
    with Patient(tmp_path / "patient") as patient:
        yield patient
