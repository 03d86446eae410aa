"""Projects to make sick: with tiny packages in a directory of wheels, from which uv, pip and poetry install offline."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.clinic.environments import write_seeds
from tests.clinic.patient import Patient
from tests.support import needs_python
from tests.wheels import write_wheel

PACKAGES: Sequence[tuple[str, str, Sequence[str]]] = (
    ("alpha", "1.0", ("beta>=1",)),
    ("alpha", "2.0", ("beta>=1",)),
    ("beta", "1.0", ()),
    ("beta", "2.0", ()),
    ("gamma", "1.0", ("delta; extra == 'more'",)),
    ("delta", "1.0", ()),
    ("epsilon", "1.0", ()),
)


def stock(patient: Patient) -> Path:
    """Give the user a directory of wheels, and settings by which uv and pip install from there and nowhere else."""
    wheels = patient.root / "wheels"
    wheels.mkdir()
    for name, version, requires in PACKAGES:
        write_wheel(wheels, name, version, files={f"{name}.py": ""}, requires=requires)
    write_wheel(wheels, "epsilon", "2.0+local.1", files={"epsilon.py": ""})
    write_wheel(wheels, "epsilon", "3.0rc1", files={"epsilon.py": ""})
    write_seeds(wheels)
    settings = {
        "uv/uv.toml": f'no-index = true\nfind-links = ["{wheels}"]\npython-downloads = "never"\n',
        "pip/pip.conf": f"[global]\nno-index = true\nfind-links = {wheels}\ndisable-pip-version-check = true\n",
    }
    for name, text in settings.items():
        write(patient.home / ".config" / name, text)
    return wheels


def write(path: Path, text: str) -> Path:
    """Write a file, with the directories above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def has_python(patient: Patient, *minors: str) -> None:
    """Give the user more Pythons: `python3.12` and the like."""
    for minor in minors:
        (patient.bin / f"python{minor}").symlink_to(needs_python(minor))


def pyproject(patient: Patient, *dependencies: str, python: str = ">=3.8", more: str = "") -> Path:
    """A project that is no package."""
    asked = ", ".join(f'"{dependency}"' for dependency in dependencies)
    return write(
        patient.project / "pyproject.toml",
        f'[project]\nname = "app"\nversion = "1"\nrequires-python = "{python}"\ndependencies = [{asked}]\n{more}',
    )
