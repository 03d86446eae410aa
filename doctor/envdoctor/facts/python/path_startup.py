"""Does a `sitecustomize` or `usercustomize` on `PYTHONPATH` disturb each start? It is read, and never run."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.distributions import sites
from envdoctor.facts.python.interpreter import Interpreter
from envdoctor.facts.python.pythonpath import VARIABLE
from envdoctor.facts.python.startup_faults import CUSTOM, StartupFault, Stream, file_of, printing_custom
from envdoctor.facts.python.user_startup import CUSTOM as USERS
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.session import Session
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

TEXT = pattern(r"\"{3}[^\"]*+\"{3}|'{3}[^']*+'{3}")
UNCLEAR = pattern(r"\"{3}|'{3}")
OLD_PRINT = pattern(r"^print[ \t]+[\"'\w]", re.MULTILINE)
IMPORT = pattern(r"^(?:import|from)[ \t]+([A-Za-z_]\w*)", re.MULTILINE)
QUIET = "distutils-precedence.pth"  # which setuptools brings; it finds no module that is not there


class PathStartup(Fact, frozen=True):
    """What `PYTHONPATH` has every start of the session's Python run.

    Attributes:
        faults: the modules that surely fail, or print.
    """

    faults: tuple[StartupFault, ...] = ()


@probe(where_set=(VARIABLE,), otherwise=f"{VARIABLE} is not set")
def probe_path_startup(session: Session, active: ActivePython) -> PathStartup:
    """Read the first module of each name on `PYTHONPATH`."""
    entries = session.env[VARIABLE].split(os.pathsep)
    places = tuple(os.path.join(session.cwd, entry) for entry in entries) if session.cwd else ()
    found = {name: file for name in (CUSTOM, USERS) if (file := file_of(name, places))}
    if not found:
        raise Unavailable(f"{VARIABLE} has no {CUSTOM}")
    faults = (_fault(session, active.interpreter, places, name, file) for name, file in found.items())
    return PathStartup(tuple(filter(None, faults)))


def _fault(session: Session, python: Interpreter, places: tuple[str, ...], name: str, file: str) -> StartupFault | None:
    try:
        source = TEXT.sub("", read_text(file, limits.PACKAGE_FILE))
    except Unreadable:
        return None
    if UNCLEAR.search(source):
        return None
    if python.version[0] > 2 and OLD_PRINT.search(source):
        return StartupFault(file, 0, None, "SyntaxError")
    if missing := next(_missing(session, python, places, source), None):
        return StartupFault(file, 0, None, f"ModuleNotFoundError: No module named '{missing}'")
    prints = (fault for stream in Stream for fault in printing_custom("", places, name, stream))
    return next(prints, None)


def _missing(session: Session, python: Interpreter, places: tuple[str, ...], source: str) -> Iterator[str]:
    """The modules that it imports outright and that are nowhere; none where they might come another way."""
    if python.implementation != "cpython":
        return  # which has other modules built in
    own = (python.user_site,) if python.sees_user_site else ()
    lines = [line for place in (*own, *python.sys_path) for line in sites(session).directory(place).path_lines]
    added = tuple(line.place for line in lines if not line.code)
    searched = (*places, *own, *python.sys_path, *added)
    if any(line.code and os.path.basename(line.file) != QUIET for line in lines) or any(map(os.path.isfile, searched)):
        return
    for module in IMPORT.findall(source):
        if module not in sys.stdlib_module_names and not any(_holds(place, module) for place in searched):
            yield module


def _holds(place: str, module: str) -> bool:
    try:
        return any(name.partition(".")[0] == module for name in os.listdir(place))
    except OSError:
        return False
