"""What of the user's own code does the session's Python run at each start: `usercustomize`, lines of `.pth` files?

The question of an interpreter is isolated and loads none of it. Where there is such code, the Python is started once
more as it starts for the user, and told to do nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, Refused, Unavailable, probe
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.distributions import sites
from envdoctor.facts.python.interpreter import Interpreter
from envdoctor.facts.python.startup_faults import (
    StartupFault,
    Stream,
    complaints_apart,
    failing,
    failing_custom,
    file_of,
    printing,
    printing_custom,
)
from envdoctor.facts.python.user_site import BASE, directory_of, hides_user_site
from envdoctor.system.child_processes import Completed
from envdoctor.system.session import Session

CUSTOM = "usercustomize"
SILENT = ("-B", "-c", "")
WITHOUT = ("-s", *SILENT)


class UserStartup(Fact, frozen=True):
    """What the user's own packages do at each start of the session's Python.

    Attributes:
        directory: where they are.
        faults: the lines of `.pth` files, and the `usercustomize`, that fail or print.
    """

    directory: str
    faults: tuple[StartupFault, ...] = ()


@probe(where=("ActivePython.interpreter.sees_user_site",), otherwise="this Python does not see the user's packages")
def probe_user_startup(session: Session, active: ActivePython) -> UserStartup:
    """Start the Python once, if it would run code of the user's own."""
    python = active.interpreter
    if hides_user_site(session, python.version):
        raise Unavailable(f"{python.path} runs nothing of the user's own when it starts")
    directory = directory_of(python, session)
    custom = _custom(session, python, directory)
    lines = tuple(line.file for line in sites(session).directory(directory).path_lines if line.code)
    if custom is None and not lines:
        return UserStartup(directory)
    for place in filter(None, (directory, custom)):
        if not session.trust.may_search(place):
            raise Refused(f"{python.path} is not started with {place}, where others may write")
    return UserStartup(directory, tuple(dict.fromkeys(_faults(session, python, directory, custom, lines))))


def _custom(session: Session, python: Interpreter, directory: str) -> str | None:
    """The `usercustomize` that is run; None if there is none, or if it is one of `PYTHONPATH`."""
    if file_of(CUSTOM, _named(session)):
        return None
    return file_of(CUSTOM, _search_path(python, directory))


def _search_path(python: Interpreter, directory: str) -> tuple[str, ...]:
    """The user's packages come before those of the Python, and after those of a virtual environment."""
    own = f"{python.prefix}/" if python.is_venv else None
    first = tuple(entry for entry in python.sys_path if own and entry.startswith(own))
    return (*first, directory, *(entry for entry in python.sys_path if entry not in first))


def _named(session: Session) -> tuple[str, ...]:
    return tuple(filter(os.path.isabs, session.env.get("PYTHONPATH", "").split(os.pathsep)))


def _faults(
    session: Session, python: Interpreter, directory: str, custom: str | None, lines: tuple[str, ...]
) -> Iterator[StartupFault]:
    started = _started(session, python, directory, *SILENT)
    elsewhere, search_path = _named(session), _search_path(python, directory)
    yield from (fault for fault in failing(started.stderr, elsewhere) if fault.file.startswith(f"{directory}/"))
    failed = tuple(failing_custom(started.stderr, search_path, elsewhere, CUSTOM)) if custom else ()
    yield from failed
    said = {Stream.STDOUT: started.stdout, Stream.STDERR: complaints_apart(started.stderr)}
    if not any(text.strip() for text in said.values()):
        return
    without = _started(session, python, directory, *WITHOUT)
    before = {Stream.STDOUT: without.stdout, Stream.STDERR: complaints_apart(without.stderr)}
    own = [entry for entry in search_path if entry != python.stdlib]
    for stream, text in said.items():
        if text == before[stream]:
            continue
        yield from printing(lines, text, own, stream)
        if custom and not failed:
            # nothing else can have printed it, or it says so itself
            alone = (StartupFault(custom, 0, None, stream=stream),)
            yield from printing_custom(text, search_path, CUSTOM, stream) if lines else alone


def _started(session: Session, python: Interpreter, directory: str, *arguments: str) -> Completed:
    """Start it in a clean environment, but with the user's own packages."""
    env = session.clean_environment()
    if session.env.get(BASE):
        env[BASE] = directory.removesuffix(python.user_site.removeprefix(python.user_base))
    reached_by = python.reached_by or python.path
    return session.run(python.executable, *arguments, reached_by=reached_by, env=env)
