"""What tests of every kind share: a session that exists only in memory."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from envdoctor.launch import Launch
from envdoctor.processes import Process
from envdoctor.session import Session


def make_session(
    env: Mapping[str, str] | None = None,
    *,
    cwd: Path | str | None = "/",
    launch: Launch | None = None,
    processes: tuple[Process, ...] = (),
    python: str | None = None,
    timeout: float = 10.0,
) -> Session:
    """A session with exactly these variables."""
    return Session(env or {}, None if cwd is None else str(cwd), launch or Launch(), processes, python, timeout)


def needs_tool(name: str) -> str:
    """The path of a tool that a test needs. Absent, the test is skipped with the tool's name; in CI it fails."""
    own = os.path.dirname(sys.executable)  # the tests' own requirements, whether or not their environment is active
    path = shutil.which(name, path=os.pathsep.join([own, os.environ.get("PATH", os.defpath)]))
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed")
    return path
