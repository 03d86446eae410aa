"""Can a fact exist here, has a check anything to judge? One cheap look tells, before their module is imported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from envdoctor.system.session import Session


class Gate(msgspec.Struct, frozen=True, omit_defaults=True):
    """What must be there so that it is worth while to go on: one of all that is named. None named: always.

    Attributes:
        where: ways into facts that are needed, as `Project.pyproject`. Through a tuple a way leads to each member; it
            leads somewhere if anything at its end counts as true.
        where_set: variables of the session; an empty one counts as not set.
        otherwise: of a probe, why there is no such fact where nothing of this is there.
    """

    where: tuple[str, ...] = ()
    where_set: tuple[str, ...] = ()
    otherwise: str = ""

    def is_shut(self, given: Iterable[object]) -> bool:
        """Whether nothing that is named is there, by the session and the facts that are given."""
        if not self.where and not self.where_set:
            return False
        named = {type(one).__name__: one for one in given}
        session = named.get(Session.__name__)
        is_set = isinstance(session, Session) and any(map(session.env.get, self.where_set))
        return not is_set and not any(_leads(named.get(way.partition(".")[0]), way) for way in self.where)


OPEN = Gate()


def _leads(fact: object, way: str) -> bool:
    reached: tuple[object, ...] = (fact,)
    for field in way.split(".")[1:]:
        reached = tuple(each for one in reached if one is not None for each in _members(getattr(one, field)))
    return any(reached)


def _members(value: object) -> Iterator[object]:
    if isinstance(value, tuple):
        yield from value
    else:
        yield value
