"""In which order are fixes applied? As they are given, but for those that another has to come before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


def ordered(things: Sequence[T], kind_of: Callable[[T], K], before: Callable[[K, K], bool]) -> list[T]:
    """The things in their order, each behind those that come `before` it, unless it comes before these too.

    Whether they do is a matter of their kinds, of which there are few. Where things go round in a circle, the first of
    them is taken first.
    """
    left = Counter(map(kind_of, things))
    ahead = {
        kind: [other for other in left if other != kind and before(other, kind) and not before(kind, other)]
        for kind in left
    }
    waiting = list(things)
    done: list[T] = []
    while waiting:
        free = (place for place, one in enumerate(waiting) if not any(left[other] for other in ahead[kind_of(one)]))
        chosen = waiting.pop(next(free, 0))
        left[kind_of(chosen)] -= 1
        done.append(chosen)
    return done
