"""Under which names does a fix keep what it puts aside? What has a name already stays, so a free one is chosen."""

from __future__ import annotations

from envdoctor.engine.fact import Fact


class ChosenName(Fact, frozen=True):
    """A name that a step would give to a copy or to what it moves, which is taken, and the free one instead."""

    planned: str
    chosen: str


class ChosenNames(Fact, frozen=True):
    """The names that were taken when the fixes were made: a replay shows the same fixes."""

    names: tuple[ChosenName, ...] = ()
