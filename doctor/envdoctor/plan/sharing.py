"""Which steps of a fix have been taken already, by fixes before it?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from envdoctor.engine.fix import AnyAction, RemoveFromPath, UnsetVariable
from envdoctor.plan.effect import Effect, Verb
from envdoctor.plan.effects import effects_of_step, is_undone

UNDOING = frozenset(Verb) - {Verb.READ, Verb.MAKE, Verb.FILL, Verb.REPAIR}
WIDELY = frozenset({Verb.CLEAR, Verb.ENTER, Verb.LEAVE, Verb.PUT})
"""What may undo a step that is about another thing."""
TURNS = frozenset({Verb.ENTER, Verb.LEAVE})


class Taken:
    """The steps that have been taken and still hold, each with the number of the fix that took it first.

    Args:
        cwd: the working directory, from which relative paths count.
    """

    def __init__(self, cwd: str) -> None:
        self._cwd = cwd
        self._steps: dict[AnyAction, tuple[int, tuple[Effect, ...]]] = {}
        self._about: dict[str, list[AnyAction]] = defaultdict(list)

    def take(self, taker: int, actions: Sequence[AnyAction]) -> None:
        """Note the steps of a fix as taken, by the fix with this number; those that they undo no longer count."""
        for action in actions:
            effects = tuple(effects_of_step(action, self._cwd))
            later = [effect for effect in effects if effect.verb in UNDOING]
            for step in self._concerned(later):
                if _is_undone(self._steps[step][1], later):
                    del self._steps[step]
            self._steps.setdefault(action, (taker, effects))
            for effect in effects:
                self._about[effect.thing].append(action)

    def _concerned(self, later: Sequence[Effect]) -> list[AnyAction]:
        """The steps that these changes may undo."""
        if any(effect.verb in WIDELY for effect in later):
            return list(self._steps)
        about = dict.fromkeys(step for effect in later for step in self._about.get(effect.thing, ()))
        return [step for step in about if step in self._steps]

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
        """Who has taken a step, or one that does more: to unset a variable takes every element out of it."""
        whole = UnsetVariable(action.variable) if isinstance(action, RemoveFromPath) else action
        step = self._steps.get(action) or self._steps.get(whole)
        return step[0] if step else None


def _is_undone(earlier: Iterable[Effect], later: Iterable[Effect]) -> bool:
    """Whether a step does not hold any more: to leave an environment undoes that one was entered, and back."""
    return any(
        is_undone(one, other)
        or (one.verb in TURNS and other.verb in TURNS and one.verb is not other.verb)
        or (one.verb is Verb.UNSET and other.verb is Verb.PUT and one.thing == other.thing)
        for one in earlier
        for other in later
    )
