"""Which Pythons matter to this session, and what are they? Each is asked once, all at the same time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.commands.commands import Commands, Hit
from envdoctor.facts.commands.resolve import Behind, Identity, ShimManager, identify
from envdoctor.facts.commands.shim_files import CHOOSING
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
    """A path by which an interpreter is worth asking.

    Attributes:
        path: the path.
        shim: whose shim it is, where it chooses by the working directory.
        reached_by: the script or shim that leads to it; None if it is called for by itself.
    """

    path: str
    shim: ShimManager | None = None
    reached_by: str | None = None


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
    """Ask every interpreter worth asking, each in a thread of its own.

    The project's environment is among them only if something leads to it: one that merely lies there is read.
    """
    chosen = choose(session, search_path, pyenv) if session.python else None
    environments = [active.venv.python] if active and active.venv and os.path.isabs(active.value) else []
    if conda and conda.has_python and os.path.isabs(conda.prefix):
        environments.append(conda.python)
    candidates = [
        *([chosen] if chosen else []),
        *_run_by(commands),
        *(Candidate(python) for python in environments if os.path.lexists(python)),
    ]
    # where several lead to one interpreter, whichever may be followed counts
    candidates.sort(key=lambda candidate: session.refusal(candidate.path, candidate.reached_by) is not None)
    nearby = [project.venv.python] if project and project.venv else []
    questions = collect(candidates, nearby)
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
    return _candidate(path, found)


def _run_by(commands: Commands) -> Iterator[Candidate]:
    """The interpreters that the four commands run."""
    for name in ("python", "python3", "pip", "pip3"):
        hit = commands.first(name)
        if hit and hit.runs:
            yield _candidate(hit.path, hit)


def _candidate(path: str, found: Identity | Hit) -> Candidate:
    runs = found.runs or path
    if runs != path:
        return Candidate(runs, reached_by=path)
    return Candidate(runs, found.manager if found.manager in CHOOSING else None)


def collect(candidates: Iterable[Candidate], also_known_as: Iterable[str] = ()) -> tuple[Question, ...]:
    """One question for each file in each directory, by whatever paths it is reached.

    The directory counts because a virtual environment's Python is a link to its base: the same file, another Python.
    `also_known_as` are paths that are no reason to ask.
    """
    questions: dict[tuple[str, str], Question] = {}
    for candidate in candidates:
        path, key = candidate.path, _identity(candidate.path)
        known = questions.get(key, Question(path, (), candidate.shim, candidate.reached_by))
        questions[key] = replace(known, asked_as=tuple(dict.fromkeys((*known.asked_as, path))))
    for path in also_known_as:
        if known_already := questions.get(_identity(path)):
            asked_as = tuple(dict.fromkeys((*known_already.asked_as, path)))
            questions[_identity(path)] = replace(known_already, asked_as=asked_as)
    return tuple(questions.values())


def _identity(path: str) -> tuple[str, str]:
    return os.path.realpath(os.path.dirname(path)), os.path.realpath(path)
