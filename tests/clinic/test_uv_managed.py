"""UV008, held against the real uv: only its own Pythons, none there, and no downloads."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.clinic.patient import Patient
from tests.clinic.projects import write
from tests.clinic.tree import in_effect


@pytest.mark.sick("UV008")
@pytest.mark.parametrize("name", ["UV_PYTHON_PREFERENCE=only-managed", "UV_MANAGED_PYTHON=1"])
def test_a_variable_leaves_uv_without_a_python(patient: Patient, name: str) -> None:
    patient.install("uv")
    patient.does(f"export {name} UV_PYTHON_DOWNLOADS=never")
    assert "managed installations" in patient.shell.run("uv venv").stderr
    patient.cure("UV008", arguments=("--select", "UV"))
    patient.does("uv venv")


@pytest.mark.sick("UV008")
def test_a_file_leaves_uv_without_a_python(patient: Patient) -> None:
    patient.install("uv")
    text = 'python-preference = "only-managed"\npython-downloads = "manual"\n'
    path = write(patient.home / ".config/uv/uv.toml", text)
    assert "managed installations" in patient.shell.run("uv venv").stderr
    patient.cure("UV008", arguments=("--select", "UV"))
    assert in_effect(path) == 'python-downloads = "manual"\n'
    patient.does("uv venv")


@pytest.mark.healthy("UV008")
def test_a_python_of_uvs_own_is_enough(patient: Patient) -> None:
    patient.install("uv")
    version = ".".join(map(str, sys.version_info[:3]))
    own = patient.home / f".local/share/uv/python/cpython-{version}-linux-x86_64-gnu"
    own.mkdir(parents=True)
    for entry in Path(sys.base_prefix).iterdir():
        (own / entry.name).symlink_to(entry)
    patient.does("export UV_PYTHON_PREFERENCE=only-managed UV_PYTHON_DOWNLOADS=never", "uv venv")
    assert patient.examine("--select", "UV008").problems() == []
