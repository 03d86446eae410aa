"""Under which names does a fix keep what it puts aside? What has a name already stays, so a free one is chosen."""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact


class ChosenName(Fact, frozen=True):
    """A name that a step would give to a copy or to what it moves, which is taken, and the free one instead."""

    planned: str
    chosen: str

    @property
    def is_numbered(self) -> bool:
        """Whether the one is the other with a number, as they are made; a recording may hold any."""
        number = self.chosen.removeprefix(f"{self.planned}.")
        return os.path.isabs(self.planned) and number != self.chosen and number.isascii() and number.isdigit()


class ChosenNames(Fact, frozen=True):
    """The names that were taken when the fixes were made: a replay shows the same fixes."""

    names: tuple[ChosenName, ...] = ()
