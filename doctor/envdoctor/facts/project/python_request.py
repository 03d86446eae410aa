"""Which Python does uv take here for a new environment if none is named, and is it to be had?

Seen with uv 0.13.9: `UV_PYTHON` counts, then `python` in the `[pip]` table of uv's settings, the nearest pin, the
user's, and `requires-python`. A name that only pyenv knows is ignored. A version that is neither here nor may be
downloaded, and a path at which nothing is, stop uv. The project's commands pass over that setting, and over a pin that
does not stand beside the project.
"""

from __future__ import annotations

import os

from msgspec.structs import replace

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.project import requires_python
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.project.python_pins import PinFile, PinForm, PinScope, PythonPin, PythonPins, understand
from envdoctor.facts.project.requires_python import RequiredPython
from envdoctor.facts.python.uv_candidates import UvCandidates
from envdoctor.facts.uv.python_downloads import UvDownloads
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.system.session import Session

VARIABLE = "UV_PYTHON"
SETTING = "pip.python"
CPYTHON = (None, "cpython")


class PythonRequest(Fact, frozen=True):
    """What decides for uv where no `--python` does.

    Attributes:
        pin: what is asked for.
        origin: the file with the line, or the variable.
        available: whether such a Python is here, or may be downloaded; None where nobody can tell.
        exists: whether there is one to download, if that were allowed; None where nobody can tell.
        file: the file of the pin; None for a variable, a setting, and what the project runs on.
        by_project: whether the project's commands, such as `uv sync`, ask for the same as `uv venv`.
    """

    pin: PythonPin
    origin: str
    available: bool | None = True
    exists: bool | None = True
    file: PinFile | None = None
    by_project: bool = True


@probe
def probe_python_request(
    session: Session,
    project: Project | None,
    pins: PythonPins | None,
    required: RequiredPython | None,
    settings: UvSettings | None,
    candidates: UvCandidates | None,
    downloads: UvDownloads | None,
) -> PythonRequest:
    """Take the variable, else the nearest pin, else what the project runs on; hold it against the Pythons there are."""
    found = _variable(session) or _set(settings) or _pinned(pins) or _required(project, required)
    if found is None:
        raise Unavailable("nothing asks uv for a certain Python")
    pin = found.pin
    if pin.form is PinForm.PATH:
        starts = (session.cwd, os.path.dirname(found.file.path) if found.file else None)
        there = any(os.path.lexists(os.path.join(start, pin.text)) for start in starts if start)
        return replace(found, available=there, exists=there)
    return _held(found, candidates or UvCandidates(), downloads or UvDownloads())


def _variable(session: Session) -> PythonRequest | None:
    text = session.env.get(VARIABLE)
    return PythonRequest(PythonPin(text, 1, *understand(text)), VARIABLE) if text else None


def _set(settings: UvSettings | None) -> PythonRequest | None:
    setting = settings.value(SETTING) if settings else None
    if setting is None:
        return None
    return PythonRequest(PythonPin(setting.value, 1, *understand(setting.value)), setting.origin, by_project=False)


def _pinned(pins: PythonPins | None) -> PythonRequest | None:
    """The nearest pin, else the user's. What only pyenv knows is passed over."""
    file = (pins.nearest or pins.of(PinScope.GLOBAL)) if pins else None
    if file is None or file.first is None or file.first.form is PinForm.OTHER:
        return None
    by_project = file.scope in (PinScope.PROJECT, PinScope.GLOBAL)
    return PythonRequest(file.first, file.origin(file.first), file=file, by_project=by_project)


def _required(project: Project | None, required: RequiredPython | None) -> PythonRequest | None:
    """What a project of uv runs on."""
    if project is None or project.manager is not ProjectManager.UV or required is None:
        return None
    [*specifiers] = required.requires.alternatives
    if len(specifiers) != 1:
        return None
    return PythonRequest(PythonPin(required.requires.text, 1, PinForm.RANGE, specifiers[0]), required.requires.origin)


def _held(asked: PythonRequest, candidates: UvCandidates, downloads: UvDownloads) -> PythonRequest:
    """The request, held against what is here and what uv can download. Which PyPy is here nobody knows."""
    pin = asked.pin
    exists = _exists(pin, downloads)
    comes = False if downloads.forbidden else exists
    if comes or any(is_met(pin, version) for version in candidates.versions):
        return replace(asked, available=True, exists=exists)
    known = candidates.all_known and pin.implementation in CPYTHON and comes is False
    return replace(asked, available=False if known else None, exists=exists)


def is_met(pin: PythonPin, version: str) -> bool:
    """Whether a Python may be what is asked for; of some only the minor version is known."""
    if pin.version is None or pin.implementation not in CPYTHON:
        return pin.implementation in CPYTHON
    if pin.form is PinForm.RANGE:
        return requires_python.admits((pin.version,), version) is not False
    return f"{version}.".startswith(f"{pin.version}.") or f"{pin.version}.".startswith(f"{version}.")


def _exists(pin: PythonPin, downloads: UvDownloads) -> bool | None:
    """Whether uv can download what is asked for. Which patches of a minor version there are is not known here."""
    if pin.version is None or pin.implementation not in CPYTHON or pin.version == "3":
        return True
    known = any(is_met(pin, minor) for minor in downloads.minors)
    return known or (False if downloads.all_known else None)
