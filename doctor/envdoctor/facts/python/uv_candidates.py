"""Which Pythons does uv find by itself for a new environment?

Seen with uv 0.13.9: its own, then each `python`, `python3` and `python3.N` on the search path; no virtual environment.
"""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.commands.commands import Commands, Hit
from envdoctor.facts.commands.resolve import HitKind, ShimManager
from envdoctor.facts.python.active import Answers
from envdoctor.facts.python.available import PythonsAtHand
from envdoctor.facts.python.interpreters import Interpreter
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.facts.venv import pyvenv_cfg
from envdoctor.text.patterns import pattern

NAMED = pattern(r"python(\d\.\d+)")
PYENVS = pattern(r"\d+\.\d+\.\d+|system")
ELSEWHERE = "UV_PYTHON_SEARCH_PATH"


class UvCandidates(Fact, frozen=True):
    """The Pythons that uv can make an environment with.

    Attributes:
        versions: `3.12.1`, or `3.12` where no more is known.
        all_known: whether there is surely no other: each `python` and `python3` on the search path is known.
    """

    versions: tuple[str, ...] = ()
    all_known: bool = True


@probe
def probe_uv_candidates(
    commands: Commands, at_hand: PythonsAtHand | None, answers: Answers | None, settings: UvSettings | None
) -> UvCandidates:
    """Take those at hand and what else is called `python` or `python3`; nothing is run for it."""
    running = _running(answers) if answers else []
    asked = {os.path.realpath(python.path): python.version_text for python in running}
    there = at_hand.pythons if at_hand else ()
    versions = [asked.get(os.path.realpath(python.path), python.version) for python in there]
    hits = [hit for name in ("python", "python3") for hit in commands.all(name) if not hit.problem]
    found = [_version(hit, asked) for hit in hits if not _is_virtual(hit)]
    elsewhere = settings is not None and settings.variable(ELSEWHERE) is not None
    versions += [python.version_text for python in running if not python.is_venv]
    versions += filter(None, found)
    return UvCandidates(tuple(dict.fromkeys(versions)), None not in found and not elsewhere)


def _running(answers: Answers) -> list[Interpreter]:
    return [answer.interpreter for answer in (answers.python, answers.python3) if answer.interpreter]


def _version(hit: Hit, asked: dict[str, str]) -> str | None:
    """The version of what runs, by what it answered or by the name of the file; None if it is not known."""
    if hit.manager is ShimManager.PYENV and hit.version and PYENVS.fullmatch(hit.version):
        return ""  # one of those at hand, or what the rest of the search path has
    named = NAMED.fullmatch(os.path.basename(hit.real)) if hit.kind is HitKind.PYTHON else None
    return asked.get(hit.real) or (named[1] if named else None)


def _is_virtual(hit: Hit) -> bool:
    return hit.runs is not None and os.path.isfile(os.path.join(os.path.dirname(hit.runs), "..", pyvenv_cfg.NAME))
