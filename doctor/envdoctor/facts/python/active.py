"""Which Python answers when `python`, `python3`, `pip` or `pip3` is typed?"""

from __future__ import annotations

from envdoctor.engine.fact import (
    Fact,
    Refused,
    TimedOut,
    Unavailable,
    probe,
)
from envdoctor.facts.commands.commands import Commands, Hit
from envdoctor.facts.python.interpreters import (
    Failure,
    FailureKind,
    Interpreter,
    Interpreters,
)
from envdoctor.system.session import Session


class Answer(Fact, frozen=True):
    """What comes of typing a command.

    Attributes:
        name: the command.
        hit: the file that the shell finds; None if it finds none.
        interpreter: the Python that runs it.
        failure: why that Python does not start. A hit with neither says itself, in `problem`, why nothing runs; one
            without a problem runs something that is not known to be a Python.
    """

    name: str
    hit: Hit | None = None
    interpreter: Interpreter | None = None
    failure: Failure | None = None

    @property
    def fault(self) -> str | None:
        """Why the command is found and yet does not run; None if it runs or is not found."""
        if self.failure:
            return f"{self.failure.path} {self.failure.detail}"
        return self.hit.problem if self.hit else None


class Answers(Fact, frozen=True):
    """Who answers to the four commands."""

    python: Answer = Answer("python")
    python3: Answer = Answer("python3")
    pip: Answer = Answer("pip")
    pip3: Answer = Answer("pip3")

    @property
    def differ(self) -> bool:
        """Whether they run in more than one environment."""
        pythons = (answer.interpreter for answer in (self.python, self.python3, self.pip, self.pip3))
        return len({python.environment for python in pythons if python}) > 1


class ActivePython(Fact, frozen=True):
    """The Python of the session: the one that `python` runs, `python3` where there is no `python`, or `--python`'s.

    Attributes:
        command: what starts it: `python`, `python3`, or the path that was given.
        interpreter: the Python.
    """

    command: str
    interpreter: Interpreter


@probe
def probe_answers(commands: Commands, interpreters: Interpreters) -> Answers:
    """Match the files that are found with what the interpreters say. Of one that may not be run nobody knows."""
    answers = [_answer(name, commands, interpreters) for name in ("python", "python3", "pip", "pip3")]
    for answer in answers:
        if answer.failure and answer.failure.kind is FailureKind.REFUSED:
            raise Refused(answer.fault)
    return Answers(*answers)


def _answer(name: str, commands: Commands, interpreters: Interpreters) -> Answer:
    hit = commands.first(name)
    runs = hit.runs if hit else None
    return Answer(name, hit, interpreters.at(runs), interpreters.failure_at(runs))


@probe
def probe_active_python(session: Session, commands: Commands, interpreters: Interpreters) -> ActivePython:
    """Say which Python the session works with."""
    if session.python:
        runs = interpreters.chosen
        return _active(Answer(session.python, None, interpreters.at(runs), interpreters.failure_at(runs)))
    for name in ("python", "python3"):
        if (answer := _answer(name, commands, interpreters)).hit:
            return _active(answer)
    raise Unavailable("there is no `python` and no `python3` on the search path")


def _active(answer: Answer) -> ActivePython:
    if answer.interpreter:
        return ActivePython(answer.name, answer.interpreter)
    reason = f"`{answer.name}` does not start: {answer.fault}"
    match answer.failure.kind if answer.failure else None:
        case FailureKind.TIMED_OUT:
            raise TimedOut(reason)
        case FailureKind.REFUSED:
            raise Refused(answer.fault)
        case _:
            raise Unavailable(reason)
