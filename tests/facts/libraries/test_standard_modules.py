"""What the session's Python gets: libpython, the C++ library, its modules, FFmpeg, CUDA, preloads, OpenMP."""

from __future__ import annotations

import sys

import pytest

from envdoctor import Unavailable
from envdoctor.engine.fact import TimedOut
from envdoctor.facts.libraries.standard_modules import (
    COOKIE,
    BrokenModule,
    probe_library_imports,
    read_answer,
)
from envdoctor.system.child_processes import Completed, Ending
from tests.builders import make_active_python
from tests.support import make_session

pytestmark = pytest.mark.tools


def test_imports_are_asked_for_with_the_sessions_own_environment() -> None:
    python = make_active_python(sys.prefix, executable=sys.executable, version=sys.version_info[:3])
    session = make_session({"LD_LIBRARY_PATH": "/nope", "PATH": "/usr/bin"}, python=python.interpreter.path)
    imports = probe_library_imports(session, python)
    assert (imports.broken, imports.variables) == ((), ("LD_LIBRARY_PATH",))
    with pytest.raises(Unavailable, match="neither"):
        probe_library_imports(make_session(), python)


def answer(stdout: str, stderr: str = "", ending: Ending = Ending.EXITED) -> tuple[BrokenModule, ...]:
    return read_answer(Completed(("python",), ending, 127, stdout, stderr))


LOST = "python: symbol lookup error: libx.so.1: undefined symbol: y"


def test_the_answer_survives_chatter_and_a_python_that_does_not_start() -> None:
    assert answer(f"hello\n{COOKIE}ssl no such: file\nnoise {COOKIE}\n") == (BrokenModule("ssl", "no such: file"),)
    assert answer(f"{COOKIE}\n") == ()
    assert answer("", f"{LOST}\n") == (BrokenModule("python", LOST),)
    assert answer("") == (BrokenModule("python", "ended with status 127"),)
    with pytest.raises(TimedOut):
        answer("", ending=Ending.TIMED_OUT)
