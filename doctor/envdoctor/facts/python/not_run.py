"""Which programs of interest have not been run, because nobody has said that they may be?"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.commands.shim_files import obstacle
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.venv.active import ActiveVenv, ProjectVenv
from envdoctor.system.session import Session

ASKED = ("python", "python3", "pip", "pip3", "uv")
INACTIVE = "is not run: its environment is not active (it is judged by its files)"


class Unrun(Fact, frozen=True):
    """A program that has not been run, and why: a clause about it."""

    path: str
    reason: str


class NotRun(Fact, frozen=True):
    """The programs that were worth asking and have not been run."""

    programs: tuple[Unrun, ...] = ()


@probe
def probe_not_run(
    session: Session,
    commands: Commands,
    active: ActiveVenv | None,
    project: ProjectVenv | None,
    conda: CondaActivation | None,
) -> NotRun:
    """Look what may be run of that which the shell finds, of the active environments and of the project's own."""
    found: dict[tuple[str, str], Unrun] = {}
    run: set[tuple[str, str]] = set()
    for path, reason in (*_called(session, commands), *_of_environments(session, active, conda)):
        key = _identity(path)
        if reason is None:
            run.add(key)
        else:
            found.setdefault(key, Unrun(path, reason))
    if project and project.venv and os.path.exists(project.venv.python):
        found.setdefault(_identity(project.venv.python), Unrun(project.venv.python, INACTIVE))
    return NotRun(tuple(unrun for key, unrun in found.items() if key not in run))


def _called(session: Session, commands: Commands) -> Iterator[tuple[str, str | None]]:
    """What the commands run, and why not."""
    if session.python:
        yield session.python, _reason(session, session.python)
    for name in ASKED:
        hit = commands.first(name)
        if hit is None or (hit.runs is None and name != "uv" and session.refusal(hit.path) is None):
            continue
        program = hit.runs or hit.path
        reached_by = None if program == hit.path else hit.path
        choice = obstacle(hit.manager, session.cwd, session.home) if reached_by is None else None
        yield program, choice or _reason(session, program, reached_by)


def _of_environments(
    session: Session, active: ActiveVenv | None, conda: CondaActivation | None
) -> Iterator[tuple[str, str | None]]:
    pythons = [active.venv.python] if active and active.venv else []
    if conda and conda.has_python:
        pythons.append(conda.python)
    for python in pythons:
        if os.path.exists(python):
            yield python, _reason(session, python)


def _reason(session: Session, program: str, reached_by: str | None = None) -> str | None:
    refusal = session.refusal(program, reached_by)
    return refusal.reason if refusal else None


def _identity(path: str) -> tuple[str, str]:
    return os.path.realpath(os.path.dirname(path)), os.path.realpath(path)
