"""How is a file that was moved aside brought back?"""

from __future__ import annotations

from envdoctor import Run


def moved_back(*moves: Run) -> tuple[Run, ...]:
    """The `mv` of each file the other way round, the last one first."""
    return tuple(Run(*words, to, origin) for *words, origin, to in (move.argv for move in reversed(moves)))
