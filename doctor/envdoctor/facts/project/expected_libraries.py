"""Would the shared libraries that the project expects load in the session's Python? Followed, never loaded."""

from __future__ import annotations

import sys

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.project.configuration import Configuration
from envdoctor.facts.python.active import ActivePython
from envdoctor.system.session import Session


class ExpectedLibrary(Fact, frozen=True):
    """One library that must load.

    Attributes:
        soname: its name.
        origin: where the configuration says so.
        path: the file that the loader takes; None if it finds none.
        lacks: the library that this one needs in turn and that is not found; None if all are.
    """

    soname: str
    origin: str
    path: str | None = None
    lacks: str | None = None


class ExpectedLibraries(Fact, frozen=True):
    """The libraries that must load, and the Python that has to load them."""

    python: str
    libraries: tuple[ExpectedLibrary, ...]


@probe
def probe_expected_libraries(session: Session, configuration: Configuration, python: ActivePython) -> ExpectedLibraries:
    """Follow the loader for each, in a process of this Python."""
    sonames = configuration.settings.expect.libraries
    if not sonames:
        raise Unavailable("no library is expected here")
    if sys.platform != "linux":
        raise Unavailable("what libraries load can be told on Linux only")
    from envdoctor.facts.loader.loading import loading

    program = python.interpreter.executable
    loader = loading(session).here(program)
    process = loading(session).start(loader, program)
    if process is None:
        raise Unavailable(f"{program} is not started by the system's loader")
    found = []
    for soname in sonames:
        fork = process.fork()
        taken = loader.take(fork, soname)
        lacks = next((failure.name for failure in fork.failures[len(process.failures) :]), None) if taken else None
        origin = configuration.origin_of_expected(f"libraries.{soname}")
        found.append(ExpectedLibrary(soname, origin, taken.path if taken else None, lacks))
    return ExpectedLibraries(program, tuple(found))
