"""Which steps of a fix have been taken already, by fixes before it?"""

from __future__ import annotations

from collections.abc import Sequence

from envdoctor.engine.fix import AnyAction, RemoveFromPath, UnsetVariable
from envdoctor.plan.effect import Effect, Verb
from envdoctor.plan.effects import effects_of_step, is_undone


class Taken:
    """The steps that have been taken and still hold.

    Args:
        cwd: the working directory, from which relative paths count.
    """

    def __init__(self, cwd: str) -> None:
        self._cwd = cwd
        self._steps: list[tuple[int, AnyAction]] = []

    def take(self, taker: int, actions: Sequence[AnyAction]) -> None:
        """Note the steps of a fix as taken, by the fix with this number; those that they undo no longer count."""
        for action in actions:
            later = tuple(effects_of_step(action, self._cwd))
            self._steps = [step for step in self._steps if not self._is_undone(step[1], later)]
            self._steps.append((taker, action))

    def left_of(self, actions: Sequence[AnyAction]) -> tuple[AnyAction, ...]:
        """The steps from the first on that has not been taken. What comes behind that one may build on it."""
        for place, action in enumerate(actions):
            if self._taker(action) is None:
                return tuple(actions[place:])
        return ()

    def taker(self, actions: Sequence[AnyAction]) -> int:
        """The number of the fix that took the last of these steps, which all have been taken."""
        return self._taker(actions[-1]) or 0

    def _taker(self, action: AnyAction) -> int | None:
        """Who has taken a step, or one that does more."""
        for taker, taken in self._steps:
            if taken == action or _is_more(taken, action):
                return taker
        return None

    def _is_undone(self, action: AnyAction, later: Sequence[Effect]) -> bool:
        """Whether a step does not hold any more: to leave an environment undoes that one was entered, and back."""
        effects = tuple(effects_of_step(action, self._cwd))
        turns = {Verb.ENTER, Verb.LEAVE}
        return any(
            is_undone(one, other)
            or (one.verb in turns and other.verb in turns and one.verb is not other.verb)
            or (one.verb is Verb.UNSET and other.verb is Verb.PUT and one.thing == other.thing)
            for one in effects
            for other in later
        )


def _is_more(taken: AnyAction, action: AnyAction) -> bool:
    """Whether a variable is gone, of which an element was to be taken out."""
    return isinstance(taken, UnsetVariable) and isinstance(action, RemoveFromPath) and taken.name == action.variable
