"""Which Python does `uv venv` take here if none is named, and is it to be had?

Seen with uv 0.13.9: `UV_PYTHON` counts, then the nearest pin, then the user's. A name that only pyenv knows is ignored.
A version that is neither here nor may be downloaded, and a path at which nothing is, stop `uv venv`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.project import requires_python
from envdoctor.facts.project.python_pins import PinForm, PinScope, PythonPin, PythonPins, understand
from envdoctor.facts.python.active import Answers
from envdoctor.facts.python.available import PythonsAtHand
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.system.session import Session

VARIABLE = "UV_PYTHON"
NEWEST = 16
"""The newest minor version of Python 3 that uv can download (0.13.9)."""
CPYTHON = (None, "cpython")


class PythonRequest(Fact, frozen=True):
    """What decides for `uv venv` where no `--python` does.

    Attributes:
        text: what is asked for, as it stands there.
        origin: the file with the line, or the variable.
        unmet: whether no such Python is to be had. One that uv may download is, and what nobody can tell.
    """

    text: str
    origin: str
    unmet: bool


@probe
def probe_python_request(
    session: Session,
    pins: PythonPins | None,
    settings: UvSettings | None,
    at_hand: PythonsAtHand | None,
    answers: Answers | None,
) -> PythonRequest:
    """Take the variable, else the nearest pin, and hold it against the Pythons that are there."""
    pin, origin, directory = _asked_for(session, pins)
    if pin.form is PinForm.PATH:
        places = (os.path.join(start, pin.text) for start in (session.cwd, directory) if start)
        return PythonRequest(pin.text, origin, not any(map(os.path.lexists, places)))
    there = (*(python.version for python in (at_hand.pythons if at_hand else ())), *_running(answers))
    here = any(_is_met(pin, version) for version in there)
    return PythonRequest(pin.text, origin, not here and not _can_come(pin, downloads=may_download(settings)))


def _asked_for(session: Session, pins: PythonPins | None) -> tuple[PythonPin, str, str | None]:
    """The request, where it stands, and the directory from which a path in it counts."""
    if text := session.env.get(VARIABLE):
        return PythonPin(text, 1, *understand(text)), VARIABLE, None
    file = (pins.nearest or pins.of(PinScope.GLOBAL)) if pins else None
    if file is None or file.first is None:
        raise Unavailable("nothing asks uv for a certain Python")
    return file.first, file.origin(file.first), os.path.dirname(file.path)


def may_download(settings: UvSettings | None) -> bool:
    """Whether uv may download a Python by itself."""
    if settings is None:
        return True
    downloads, offline = settings.value("python-downloads"), settings.value("offline")
    said = settings.variable("UV_PYTHON_DOWNLOADS") or (downloads.value if downloads else "automatic")
    return said not in ("never", "manual") and not (
        settings.switched_on("UV_OFFLINE") or (offline is not None and offline.value == "true")
    )


def _running(answers: Answers | None) -> Iterator[str]:
    """The versions of what runs as `python` and `python3`, whatever their files are called."""
    for answer in (answers.python, answers.python3) if answers else ():
        if answer.interpreter:
            yield answer.interpreter.version_text


def _is_met(pin: PythonPin, version: str) -> bool:
    """Whether a Python may be what is asked for; of some only the minor version is known."""
    if pin.version is None or pin.implementation not in CPYTHON:
        return pin.implementation in CPYTHON
    if pin.form is PinForm.RANGE:
        return requires_python.admits((pin.version,), version) is not False
    return f"{version}.".startswith(f"{pin.version}.") or f"{pin.version}.".startswith(f"{version}.")


def _can_come(pin: PythonPin, *, downloads: bool) -> bool:
    """Whether uv can download what is asked for, or nobody can tell."""
    if pin.form is PinForm.OTHER:
        return True
    if not downloads or pin.implementation not in CPYTHON:
        return downloads
    minors = (f"3.{minor}" for minor in range(6, NEWEST + 1))
    return pin.version is None or pin.version == "3" or any(_is_met(pin, minor) for minor in minors)
