"""Which of the Pythons that are asked for by name are found, and do not start?"""

from __future__ import annotations

from envdoctor.engine.fact import Fact, Refused, TimedOut, probe
from envdoctor.facts.commands.commands import Commands, Hit
from envdoctor.facts.python.active import Answer, Answers
from envdoctor.facts.python.interpreters import FailureKind, Interpreters
from envdoctor.facts.session.search_path import EntryKind, SearchPath
from envdoctor.system.session import Session


class BrokenPython(Fact, frozen=True):
    """A Python that is found and fails.

    Attributes:
        name: how it is called: `python`, `python3`, or what `--python` names.
        fault: why nothing runs: a clause, then perhaps more lines of the program's own.
        hit: the file that the shell finds; None for one that was named by its path.
        behind: the next file of that name on the search path that runs something.
        is_first: whether nothing else answers when a Python is wanted.
    """

    name: str
    fault: str
    hit: Hit | None = None
    behind: Hit | None = None
    is_first: bool = True


class BrokenPythons(Fact, frozen=True):
    """The Pythons that are found and fail."""

    found: tuple[BrokenPython, ...] = ()


@probe
def probe_broken_pythons(
    session: Session, answers: Answers, interpreters: Interpreters, commands: Commands, search_path: SearchPath
) -> BrokenPythons:
    """Sort those that fail from those that are merely slow, of which nobody knows."""
    found = []
    failure = interpreters.failure_at(interpreters.chosen) if session.python else None
    if session.python and failure:
        if failure.kind is FailureKind.TIMED_OUT:
            raise TimedOut(f"{failure.path} {failure.detail}")
        if failure.kind is FailureKind.REFUSED:
            raise Refused(f"{failure.path} {failure.detail}")
        found.append(BrokenPython(session.python, failure.detail))
    first = _broken(answers.python, commands, search_path)
    third = _broken(answers.python3, commands, search_path, is_first=answers.python.hit is None)
    found += [broken for broken in (first, None if first else third) if broken]
    return BrokenPythons(tuple(found))


def _broken(
    answer: Answer, commands: Commands, search_path: SearchPath, *, is_first: bool = True
) -> BrokenPython | None:
    hit = answer.hit
    if hit is None or answer.fault is None or answer.interpreter is not None:
        return None
    if answer.failure and answer.failure.kind is FailureKind.TIMED_OUT:
        raise TimedOut(f"`{answer.name}` gave no answer: {answer.fault}")
    if search_path.entries[hit.position].kind in (EntryKind.EMPTY, EntryKind.RELATIVE):
        return None  # nothing is run from there, so nobody knows
    behind = [other for other in commands.all(answer.name) if other.position > hit.position and not other.same_as]
    return BrokenPython(answer.name, answer.fault, hit, next((other for other in behind if other.runs), None), is_first)
