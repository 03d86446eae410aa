"""Which Pythons does the project run on, and which of them, and of its pins, fit?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.project.pipfile import Pipfile
from envdoctor.facts.project.project import Project
from envdoctor.facts.project.pyproject import Pyproject, RequiresPython
from envdoctor.facts.project.python_pins import PinForm, PythonPin
from envdoctor.facts.project.setup_files import DYNAMIC, python_requires
from envdoctor.facts.python.available import PythonAtHand
from envdoctor.text import versions

# Far enough for every release that there is, and for those of the years to come.
MINORS = ("2.7", *(f"3.{minor}" for minor in range(25)))
MICROS = range(40)


class RequiredPython(Fact, frozen=True):
    """What the project says of its Python: in `pyproject.toml`, else in its Pipfile, `setup.cfg` or `setup.py`."""

    requires: RequiresPython


@probe
def probe_required_python(project: Project, pyproject: Pyproject | None, pipfile: Pipfile | None) -> RequiredPython:
    """Take the first file that says it."""
    for file in (pyproject, pipfile):
        if file and file.requires_python:
            return RequiredPython(file.requires_python)
    # beside a `[project]` table, setuptools looks there only if that leaves the field to it
    is_left = pyproject is None or pyproject.name is None or DYNAMIC in pyproject.dynamic
    if is_left and (found := python_requires(project.root)):
        return RequiredPython(found)
    raise Unavailable(project.problem or "the project does not say on which Pythons it runs")


@cache
def admits(alternatives: tuple[str, ...], version: str) -> bool | None:
    """Whether specifier sets, of which one must hold, admit a version. None if they are no specifiers.

    A version without its last number is admitted if any release of that minor version is.
    """
    spelled = [version] if version.count(".") > 1 else [f"{version}.{micro}" for micro in MICROS]
    answers = [versions.fits(wanted, candidate) for wanted in alternatives for candidate in spelled]
    return None if None in answers else True in answers


def can_be_met(alternatives: tuple[str, ...], pin: PythonPin) -> bool | None:
    """Whether some Python fits both a pin and what the project runs on; None where the pin does not name versions."""
    if pin.version is None:
        return None
    if pin.form is PinForm.VERSION:
        wanted = [pin.version] if "." in pin.version else [m for m in MINORS if m.startswith(f"{pin.version}.")]
        answers = [admits(alternatives, version) for version in wanted]
    else:
        both = tuple(f"{text},{pin.version}" if text else pin.version for text in alternatives)
        answers = [admits(both, minor) for minor in MINORS]
    return None if None in answers else any(answers)


def best(alternatives: tuple[str, ...], pythons: Iterable[PythonAtHand]) -> PythonAtHand | None:
    """The newest Python at hand that fits; of two that are equally new, the one on the search path."""
    fitting = [python for python in pythons if admits(alternatives, python.version)]
    return max(fitting, key=lambda python: _numbers(python.minor), default=None)


def lowest(alternatives: tuple[str, ...]) -> str | None:
    """The oldest minor version of Python 3 that fits and that is still to be had; None if none does."""
    known: Iterator[str] = chain(MINORS[9:], reversed(MINORS[:9]))
    return next((minor for minor in known if admits(alternatives, minor)), None)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
