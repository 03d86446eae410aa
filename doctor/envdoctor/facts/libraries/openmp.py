"""Is the guard of Intel's OpenMP runtime against a second runtime in one process switched off?"""

from __future__ import annotations

import glob

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.python.active import ActivePython
from envdoctor.system.session import Session

VARIABLE = "KMP_DUPLICATE_LIB_OK"
# __kmp_str_match_true in openmp/runtime/src/kmp_str.cpp, LLVM 19
YES = {"1", "true", "t", "yes", "y", "on", ".true.", ".t.", "enabled"}
RUNTIMES = ("libiomp5.*", "libomp.*")


class OpenmpDuplicates(Fact, frozen=True):
    """The guard, and the runtimes that it is about.

    Attributes:
        value: the value of `KMP_DUPLICATE_LIB_OK`.
        tolerated: whether the runtime takes it for a yes.
        runtimes: the files of Intel's and LLVM's runtime in the environment: several can meet in one process.
    """

    value: str
    tolerated: bool
    runtimes: tuple[str, ...] = ()


@probe(where_set=(VARIABLE,), otherwise=f"{VARIABLE} is not set")
def probe_openmp_duplicates(session: Session, active: ActivePython | None) -> OpenmpDuplicates:
    """Read the variable, and look where the environment keeps such runtimes."""
    value = session.env[VARIABLE]
    runtimes = _runtimes(active) if active else ()
    return OpenmpDuplicates(value, value.strip().lower() in YES, runtimes)


def _runtimes(active: ActivePython) -> tuple[str, ...]:
    places = [f"{glob.escape(active.interpreter.prefix)}/lib"]
    places += [f"{glob.escape(path)}/*/lib" for path in active.interpreter.site_packages]
    places += [f"{glob.escape(path)}/*.libs" for path in active.interpreter.site_packages]
    return tuple(sorted({path for place in places for name in RUNTIMES for path in glob.glob(f"{place}/{name}")}))
