"""Which Pythons matter to this session, and what are they? Each is asked once, all at the same time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.commands.resolve import Behind, HitKind, identify
from envdoctor.facts.pyenv.versions import Pyenv
from envdoctor.facts.python.interpreter import (
    Failure,
    FailureKind,
    Interpreter,
    Pip,
)
from envdoctor.facts.python.query import Question, ask
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.facts.venv.active import ActiveVenv, ProjectVenv
from envdoctor.system.session import Session
from envdoctor.system.threads import side_by_side

__all__ = ["Failure", "FailureKind", "Interpreter", "Interpreters", "Pip", "probe_interpreters"]


class Interpreters(Fact, frozen=True):
    """The Pythons that matter to this session: those that the commands run, and those of the active environments.

    Attributes:
        answered: those that gave an answer.
        failed: those that gave none.
        chosen: the path by which the one that `--python` names was asked; None without that option.
    """

    answered: tuple[Interpreter, ...] = ()
    failed: tuple[Failure, ...] = ()
    chosen: str | None = None

    def at(self, path: str | None) -> Interpreter | None:
        """The interpreter that was asked by this path."""
        return next((interpreter for interpreter in self.answered if path in interpreter.asked_as), None)

    def failure_at(self, path: str | None) -> Failure | None:
        """Why the interpreter that was asked by this path gave no answer."""
        return next((failure for failure in self.failed if path in failure.asked_as), None)


class Candidate(msgspec.Struct, frozen=True):
    """A path by which an interpreter is worth asking, and whether it is a shim or a wrapper."""

    path: str
    through: bool = False


@probe
def probe_interpreters(
    session: Session,
    commands: Commands,
    search_path: SearchPath,
    pyenv: Pyenv | None,
    active: ActiveVenv | None,
    project: ProjectVenv | None,
    conda: CondaActivation | None,
) -> Interpreters:
    """Ask every interpreter worth asking, each in a thread of its own."""
    chosen = choose(session, search_path, pyenv) if session.python else None
    environments = [found.venv.python for found in (active, project) if found and found.venv]
    if conda and conda.has_python:
        environments.append(conda.python)
    questions = collect(
        [
            *([chosen] if chosen else []),
            *_run_by(commands),
            *(Candidate(python) for python in environments if os.path.lexists(python)),
        ]
    )
    answers = side_by_side(lambda question: ask(session, question), questions).values()
    return Interpreters(
        tuple(answer for answer in answers if isinstance(answer, Interpreter)),
        tuple(answer for answer in answers if isinstance(answer, Failure)),
        chosen.path if chosen else None,
    )


def choose(session: Session, search_path: SearchPath, pyenv: Pyenv | None) -> Candidate:
    """What `--python` means: a command, the path of an interpreter, or the directory of an environment."""
    name = session.python or "python"
    behind = Behind(search_path.absolute, pyenv)
    path = os.path.join(session.cwd or "/", name) if "/" in name else behind.first(name) or name
    if os.path.isdir(path):
        path = os.path.join(path, "bin/python")
    found = identify(path, "python", behind)
    return Candidate(found.runs or path, found.runs == path and found.kind is not HitKind.PYTHON)


def _run_by(commands: Commands) -> Iterator[Candidate]:
    """The interpreters that the four commands run."""
    for name in ("python", "python3", "pip", "pip3"):
        hit = commands.first(name)
        if hit and hit.runs:
            yield Candidate(hit.runs, hit.runs == hit.path and hit.kind is not HitKind.PYTHON)


def collect(candidates: Iterable[Candidate]) -> tuple[Question, ...]:
    """One question for each file in each directory, by whatever paths it is reached.

    The directory counts because a virtual environment's Python is a link to its base: the same file, another Python.
    """
    questions: dict[tuple[str, str], Question] = {}
    for candidate in candidates:
        path = candidate.path
        key = (os.path.realpath(os.path.dirname(path)), os.path.realpath(path))
        known = questions.get(key, Question(path, (), candidate.through))
        if path not in known.asked_as:
            questions[key] = replace(known, asked_as=(*known.asked_as, path))
    return tuple(questions.values())
