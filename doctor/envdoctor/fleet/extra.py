"""What only a fleet needs, and how it is had."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

MISSING = "a fleet needs {name}, which is not installed: install `python-envdoctor[fleet]` where envdoctor is installed"


class ExtraMissing(Exception):  # noqa: N818 - an answer for the user, not a fault
    """A library of the extra is not there. The message says what to install."""


def module(name: str) -> ModuleType:
    """A module of the extra. Raises ExtraMissing."""
    try:
        return import_module(name)
    except ImportError as error:
        raise ExtraMissing(MISSING.format(name=name.partition(".")[0])) from error
