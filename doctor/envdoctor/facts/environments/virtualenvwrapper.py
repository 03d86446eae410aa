"""Which Python is virtualenvwrapper told to run on, and can it? Told from files; nothing is run."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.commands.resolve import PYTHON
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.facts.venv import pyvenv_cfg
from envdoctor.system.files import Unreadable
from envdoctor.system.session import Session

VARIABLE = "VIRTUALENVWRAPPER_PYTHON"


class WrapperPython(Fact, frozen=True):
    """The Python that `VIRTUALENVWRAPPER_PYTHON` names.

    Attributes:
        path: the value.
        exists: whether there is such a file.
        has_wrapper: whether virtualenvwrapper is installed for it; None where the files do not tell.
        is_venv: whether it is that of a virtual environment.
        other: the first `python3` on the search path that has virtualenvwrapper; None if none has.
    """

    path: str
    exists: bool
    has_wrapper: bool | None = None
    is_venv: bool = False
    other: str | None = None


@probe(where_set=(VARIABLE,), otherwise=f"{VARIABLE} names no path")
def probe_wrapper_python(session: Session, search_path: SearchPath) -> WrapperPython:
    """Look for virtualenvwrapper among the packages of that Python, and of those on the search path."""
    path = session.env[VARIABLE]
    if not os.path.isabs(path):
        raise Unavailable(f"{VARIABLE} names no path")
    pythons = (f"{directory}/python3" for directory in search_path.absolute)
    other = next((python for python in pythons if python != path and _has(python, session.home)), None)
    is_venv = _is_venv(path)
    return WrapperPython(path, os.path.exists(path), _has(path, session.home), is_venv, other)


def _is_venv(python: str) -> bool:
    return os.path.isfile(f"{os.path.dirname(os.path.dirname(python))}/{pyvenv_cfg.NAME}")


def _has(python: str, home: str | None) -> bool | None:
    """Whether virtualenvwrapper is among the packages of a Python; None for a shim, or in a layout of its own."""
    if not os.path.exists(python) or not PYTHON.fullmatch(os.path.basename(os.path.realpath(python))):
        return None
    directories = [directory for place in _places(python, home) for directory in glob.glob(place)]
    if any(glob.glob(f"{glob.escape(directory)}/*virtualenvwrapper*") for directory in directories):
        return True
    return False if directories else None


def _places(python: str, home: str | None) -> Iterator[str]:
    """Patterns of the directories of packages that a Python may search, of whatever version it is."""
    own = glob.escape(os.path.dirname(os.path.dirname(python)))
    if _is_venv(python):
        yield f"{own}/lib*/python3*/site-packages"
        if not _sees_base(os.path.dirname(os.path.dirname(python))):
            return
    base = glob.escape(os.path.dirname(os.path.dirname(os.path.realpath(python))))
    for prefix in dict.fromkeys((own, base, f"{base}/local")):
        yield f"{prefix}/lib*/python3*/*-packages"
    if home:
        yield f"{glob.escape(home)}/.local/lib/python3*/site-packages"


def _sees_base(root: str) -> bool:
    """Whether an environment sees the packages of its base; one whose settings cannot be read may."""
    try:
        value = pyvenv_cfg.read(root).get("include-system-site-packages") or ""
    except Unreadable:
        return True
    return value.lower() == "true"
