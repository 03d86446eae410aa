"""Where does `PYTHONHOME` send the Python of this session for its standard library?"""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, Refused, probe
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.query import last_words
from envdoctor.system.child_processes import Ending
from envdoctor.system.session import Session

VARIABLE = "PYTHONHOME"
COOKIE = "envdoctor-home:"
ASK = f"import os; print({COOKIE!r} + os.path.dirname(os.__file__))"


class PythonHome(Fact, frozen=True):
    """What `PYTHONHOME` does.

    Attributes:
        value: its value: a prefix, or two with a colon between.
        is_own: whether that is where the Python's library is anyway.
        library: where the Python of the session finds its library with the variable; None if it does not start.
        error: why it does not start.
    """

    value: str
    is_own: bool
    library: str | None = None
    error: str | None = None


@probe(where_set=(VARIABLE,), otherwise=f"{VARIABLE} is not set")
def probe_python_home(session: Session, active: ActivePython) -> PythonHome:
    """Start the session's Python with the session's environment, which is the only way to see the effect."""
    value = session.env[VARIABLE]
    is_own = os.path.realpath(value.partition(os.pathsep)[0]) == active.interpreter.base_root
    if reason := session.cannot_show(VARIABLE, "LD_LIBRARY_PATH", "LD_PRELOAD"):
        raise Refused(reason)
    python = active.interpreter
    done = session.run(python.path, "-B", "-c", ASK, reached_by=python.reached_by, env=session.own_environment())
    if done.ending is Ending.REFUSED:
        raise Refused(f"{python.path} {done.stderr}")
    if COOKIE in done.stdout:
        library = done.stdout.rpartition(COOKIE)[2].partition("\n")[0]
        return PythonHome(value, is_own, library)
    said = last_words(done.stderr) if done.ending is Ending.EXITED else done.ending.value
    return PythonHome(value, is_own, error=said or f"exit status {done.status}")
