"""Does the session's Python still find the libraries of its own standard modules?"""

from __future__ import annotations

import glob
import os

from envdoctor.engine.fact import (
    Fact,
    Refused,
    TimedOut,
    probe,
)
from envdoctor.facts.loader.library_path import PRELOAD, VARIABLE
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.query import ISOLATED, ISOLATED_BEFORE_3_4, last_words
from envdoctor.system.child_processes import Completed, Ending
from envdoctor.system.session import Session

MODULES = ("ssl", "ctypes", "sqlite3")
SOURCE = """
import sys
for name in sys.argv[2:]:
    try:
        __import__(name)
    except Exception:
        print(sys.argv[1] + name + " " + " ".join(str(sys.exc_info()[1]).split()))
print(sys.argv[1])
"""
COOKIE = "envdoctor-import:"


class BrokenModule(Fact, frozen=True):
    """A standard module that cannot be imported in this session, though it can be without the session's variables.

    Attributes:
        name: the module; `python` where the interpreter itself does not start.
        error: what the import says.
    """

    name: str
    error: str


class LibraryImports(Fact, frozen=True):
    """What comes of importing `ssl`, `ctypes` and `sqlite3` with the session's library path.

    Attributes:
        executable: the Python that was asked.
        variables: which of the loader's variables the session sets.
        broken: what works only without them.
        culprits: the directories of the library path whose libraries those modules get, in order.
    """

    executable: str
    variables: tuple[str, ...]
    broken: tuple[BrokenModule, ...] = ()
    culprits: tuple[str, ...] = ()


@probe(where_set=(VARIABLE, PRELOAD), otherwise=f"neither {VARIABLE} nor {PRELOAD} is set")
def probe_library_imports(session: Session, active: ActivePython) -> LibraryImports:
    """Import the modules with the session's own environment, and again in a clean one if that fails."""
    variables = tuple(name for name in (VARIABLE, PRELOAD) if session.env.get(name))
    if reason := session.cannot_show(*variables):
        raise Refused(reason)
    executable, found_by = active.interpreter.executable, active.interpreter.reached_by or active.interpreter.path
    flags = ISOLATED if active.interpreter.version >= (3, 4, 0) else ISOLATED_BEFORE_3_4
    argv = (executable, *flags, "-c", SOURCE, COOKIE, *MODULES)
    here = read_answer(session.run(*argv, reached_by=found_by, env=session.own_environment()))
    if not here:
        return LibraryImports(executable, variables)
    clean = read_answer(session.run(*argv, reached_by=found_by))
    healthy_without = {module.name for module in here} - {module.name for module in clean}
    broken = tuple(module for module in here if module.name in healthy_without)
    return LibraryImports(executable, variables, broken, _culprits(session, active) if broken else ())


def read_answer(completed: Completed) -> tuple[BrokenModule, ...]:
    """The modules that cannot be imported, by what the interpreter has printed. Raises TimedOut or Refused."""
    if completed.ending is Ending.REFUSED:
        raise Refused(f"{completed.argv[0]} {completed.stderr}")
    if completed.ending is Ending.TIMED_OUT:
        raise TimedOut(f"{completed.argv[0]} did not import {', '.join(MODULES)} in time")
    lines = [line.partition(COOKIE)[2] for line in completed.stdout.splitlines() if COOKIE in line]
    if not lines or lines[-1]:
        reason = last_words(completed.stderr) or f"ended with status {completed.status}"
        return (BrokenModule("python", reason.splitlines()[-1]),)
    return tuple(BrokenModule(*line.partition(" ")[::2]) for line in lines[:-1])


def _culprits(session: Session, active: ActivePython) -> tuple[str, ...]:
    """The directories of the library path from which the interpreter or one of the modules gets a library."""
    from envdoctor.facts.loader.loading import loading

    executable, loaders = active.interpreter.executable, loading(session)
    loader = loaders.here(executable)
    process = loaders.start(loader, executable)
    if process is None:
        return ()
    for name in MODULES:
        for extension in sorted(glob.glob(f"{glob.escape(active.interpreter.stdlib)}/lib-dynload/_{name}.*so")):
            loader.open(process, extension)
    taken = [os.path.dirname(mapped.path) for mapped in process.objects if mapped.how == VARIABLE]
    return tuple(dict.fromkeys(taken))
