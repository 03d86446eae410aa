"""In which order are fixes applied? As they are given, but for those that another has to come before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def ordered(things: Sequence[T], before: Callable[[T, T], bool]) -> list[T]:
    """The things in their order, each behind those that come `before` it, unless it comes before these too.

    Where things go round in a circle, the first of them is taken first.
    """
    count = range(len(things))
    ahead = {(one, other) for one in count for other in count if one != other and before(things[one], things[other])}
    waiting = list(count)
    done: list[T] = []
    while waiting:
        free = (
            one
            for one in waiting
            if not any((other, one) in ahead and (one, other) not in ahead for other in waiting if other != one)
        )
        chosen = next(free, waiting[0])
        waiting.remove(chosen)
        done.append(things[chosen])
    return done
