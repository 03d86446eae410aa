from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clinic import wheelhouse as wheels
from tests.clinic.patient import Patient
from tests.clinic.wheelhouse import Wheelhouse


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Patient]:
    """A user with bash."""
    with Patient(tmp_path / "patient") as patient:
        yield patient


@pytest.fixture(scope="session")
def wheelhouse(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Wheelhouse:
    """envdoctor's wheel and those of its dependencies, made once for all test processes of this session."""
    base = tmp_path_factory.getbasetemp()
    return wheels.build((base if worker_id == "master" else base.parent) / "wheelhouse")
