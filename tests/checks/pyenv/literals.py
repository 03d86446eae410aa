"""pyenv's shims and roots as facts."""

from __future__ import annotations

from envdoctor.facts.commands.commands import Hit
from envdoctor.facts.commands.resolve import HitKind, ShimManager
from envdoctor.facts.pyenv.versions import (
    Pin,
    Pyenv,
    PyenvRoot,
    Selection,
)
from tests.builders import HOME

PYENV_ROOT = f"{HOME}/.pyenv"
SHIMS = f"{PYENV_ROOT}/shims"
GLOBAL = f"{PYENV_ROOT}/version"
VERSION = f"{PYENV_ROOT}/versions/3.12.1"
INSTALLED = ("3.11.7", "3.12.1")


def pyenv(*pins: Pin, origin: str = GLOBAL) -> Pyenv:
    return Pyenv((PyenvRoot(PYENV_ROOT, "HOME", INSTALLED, Selection(pins, origin)),))


def hit(name: str, place: str, position: int = 0, **fields: object) -> Hit:
    kind = HitKind.SHIM if "manager" in fields else HitKind.PYTHON
    known = {"runs": f"{place}/{name}", **fields}
    return Hit(name, f"{place}/{name}", position, f"{place}/{name}", kind, **known)  # type: ignore[arg-type] # several types


def shim(name: str = "python", position: int = 0, **fields: object) -> Hit:
    return hit(name, SHIMS, position, **{"manager": ShimManager.PYENV, "runs": f"{VERSION}/bin/{name}", **fields})


SELECTED = pyenv(Pin("3.12", "3.12.1", 1))
