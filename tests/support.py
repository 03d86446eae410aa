"""What tests of every kind share: a session that exists only in memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from envdoctor.engine.collector import establish
from envdoctor.engine.fact import FactT, Missing, MissingKind, TimedOut, Unavailable
from envdoctor.system.processes import Process
from envdoctor.system.session import Launch, Session


def make_session(
    env: Mapping[str, str] | None = None,
    *,
    cwd: Path | str | None = "/",
    launch: Launch | None = None,
    processes: tuple[Process, ...] = (),
    python: str | None = None,
    timeout: float = 10.0,
    deep: bool = False,
) -> Session:
    """A session with exactly these variables."""
    directory = None if cwd is None else str(cwd)
    return Session(env or {}, directory, launch or Launch(), processes, python, timeout, deep=deep)


def needs_tool(name: str) -> str:
    """The path of a tool that a test needs. Absent, the test is skipped with the tool's name; in CI it fails."""
    own = os.path.dirname(sys.executable)  # the tests' own requirements, whether or not their environment is active
    path = shutil.which(name, path=os.pathsep.join([own, os.environ.get("PATH", os.defpath)]))
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed")
    return path


def needs_python(minor: str) -> str:
    """The path of a real interpreter of this minor version, `3.9`, as pyenv has installed it."""
    ask = subprocess.run([needs_tool("pyenv"), "root"], capture_output=True, text=True, check=True)
    found = sorted(Path(ask.stdout.strip(), "versions").glob(f"{minor}.*/bin/python"))
    if not found:
        if os.environ.get("CI") == "true":
            pytest.fail(f"Python {minor} is not installed in pyenv")
        pytest.skip(f"Python {minor} is not installed in pyenv")
    return str(found[-1])


def see(fact: type[FactT], session: Session) -> FactT:
    """Establish one fact and all that it needs, as a run would. Raises Unavailable or TimedOut where there is none."""
    known = establish([fact], session)[fact]
    if isinstance(known, Missing):
        assert known.kind is not MissingKind.BROKEN, known.reason
        raise TimedOut(known.reason) if known.kind is MissingKind.TIMED_OUT else Unavailable(known.reason)
    assert isinstance(known, fact)
    return known
