"""A real pyenv with the Pythons of the machine, in the patient's own home."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.clinic.patient import SYSTEM_PATH, Patient
from tests.support import needs_tool


def give_pyenv(patient: Patient, *versions: str) -> Path:
    """Install pyenv for a user: all versions of the machine, or those that start so, and shims first on the path."""
    pyenv = Path(needs_tool("pyenv"))
    real = Path(subprocess.run([pyenv, "root"], capture_output=True, text=True, check=True).stdout.strip())
    root = patient.home / ".pyenv"
    (root / "versions").mkdir(parents=True)
    for version in (real / "versions").iterdir():
        if not versions or version.name.startswith(versions):
            (root / "versions" / version.name).symlink_to(version)
    (root / "bin").mkdir()
    (root / "bin" / "pyenv").symlink_to(pyenv)
    patient.env["PYENV_ROOT"] = str(root)
    patient.env["PATH"] = f"{root}/shims:{patient.bin}:{root}/bin:{SYSTEM_PATH}"
    patient.prepares("pyenv", "rehash")
    return root


def installed(root: Path, minor: str) -> str:
    """The version that is installed of a minor version."""
    [version] = (name for name in os.listdir(root / "versions") if name.startswith(f"{minor}."))
    return version
