"""Pythons to ask: real, scripted and broken."""

from __future__ import annotations

from pathlib import Path

from envdoctor.facts.python.interpreters import (
    Failure,
    Interpreter,
)
from envdoctor.facts.python.query import (
    Question,
    ask,
)
from envdoctor.system.session import Session
from tests.support import make_session


def asked(path: str | Path, session: Session | None = None) -> Interpreter | Failure:
    session = session or make_session({"HOME": "/nonexistent", "PATH": "/usr/bin:/bin"})
    session.python = str(path)  # so that it may be run
    return ask(session, Question(str(path), (str(path),)))


def answered(path: str | Path, session: Session | None = None) -> Interpreter:
    answer = asked(path, session)
    assert isinstance(answer, Interpreter), answer
    return answer


def site_packages(env: Path) -> Path:
    [found] = env.glob("lib/python*/site-packages")
    return found


def make_script(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path
