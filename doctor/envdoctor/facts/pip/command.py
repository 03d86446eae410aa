"""Which pip runs when `pip install` is typed, and may it install anything?"""

from __future__ import annotations

import glob
import os
import re

from envdoctor.engine.fact import (
    Fact,
    TimedOut,
    Unavailable,
    probe,
)
from envdoctor.facts.commands.commands import Hit
from envdoctor.facts.commands.cut_short import missing_end
from envdoctor.facts.commands.resolve import HitKind
from envdoctor.facts.python.active import Answer, Answers
from envdoctor.facts.python.interpreters import FailureKind, Interpreter
from envdoctor.system.files import Unreadable, read_head
from envdoctor.text.patterns import pattern

HEAD_SIZE = 2000
# how a launcher starts the package pip: those that pip, ensurepip and uv write
IMPORT = pattern(rb"^from pip(?:\._internal[\w.]*)? import ", re.MULTILINE)


class BarePip(Fact, frozen=True):
    """The pip that is typed bare: `pip`, or `pip3` where there is no `pip`.

    Attributes:
        command: `pip` or `pip3`.
        hit: the file that the shell finds.
        interpreter: the Python that runs it, into whose environment it installs; None if nothing runs, or no Python.
        fault: why nothing runs; None if it does.
        lacks_package: whether it is pip's own launcher, and its Python has no package pip for it to start.
        remains: the records of that package that are left all the same, by which installers believe that it is there.
    """

    command: str
    hit: Hit
    interpreter: Interpreter | None = None
    fault: str | None = None
    lacks_package: bool = False
    remains: tuple[str, ...] = ()

    @property
    def is_guarded(self) -> bool:
        """Whether its Python is externally managed, so that it refuses to install."""
        python = self.interpreter
        return python is not None and python.externally_managed is not None and not python.is_venv


@probe
def probe_bare_pip(answers: Answers) -> BarePip:
    """Say which pip it is. Whether its Python is merely slow must be known: it might be another environment's."""
    answer = answers.pip if answers.pip.hit else answers.pip3
    if answer.hit is None:
        raise Unavailable("there is no `pip` and no `pip3` on the search path")
    if answer.failure and answer.failure.kind is FailureKind.TIMED_OUT:
        raise TimedOut(f"the Python of `{answer.name}` did not answer: {answer.fault}")
    return _bare(answer, answer.hit)


def _bare(answer: Answer, hit: Hit) -> BarePip:
    python = answer.interpreter
    if python is None or answer.fault:
        return BarePip(answer.name, hit, python, answer.fault)
    script = _head(hit.real)
    if python.pip is None and _may_be_listed(python.purelib) and IMPORT.search(script):
        return BarePip(answer.name, hit, python, lacks_package=True, remains=_records(python))
    is_whole = hit.kind is HitKind.SCRIPT and 0 < len(script) < HEAD_SIZE
    end = missing_end(script) if is_whole else None
    return BarePip(answer.name, hit, python, f"{hit.path} {end}" if end else None)


def _may_be_listed(directory: str) -> bool:
    """Whether this user sees what is in a directory; nothing is in one that does not exist."""
    return not os.path.isdir(directory) or os.access(directory, os.R_OK | os.X_OK)


def _records(python: Interpreter) -> tuple[str, ...]:
    return tuple(sorted(glob.glob(os.path.join(glob.escape(python.purelib), "pip-*.dist-info"))))


def _head(path: str) -> bytes:
    """The beginning of a launcher; nothing if it cannot be read."""
    try:
        return read_head(path, HEAD_SIZE)
    except Unreadable:
        return b""
