"""How is a fact spoken of whose module nobody has imported yet? By its name, which is unique, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from importlib import import_module
from typing import Any

import msgspec

from envdoctor.engine.fact import Fact, Known
from envdoctor.engine.gate import OPEN, Gate


class Reference:
    """A fact that the index knows.

    Attributes:
        __name__: the name of its type.
        __module__: where that stands.
        gate: what must be there so that its probe is called at all.
    """

    def __init__(self, name: str, module: str, needs: Callable[[], tuple[Need, ...]], gate: Gate = OPEN) -> None:
        self.__name__ = name
        self.__module__ = module
        self._ask = needs
        self.gate = gate

    def __repr__(self) -> str:
        return f"<reference to {self.__module__}.{self.__name__}>"

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """The facts that its probe needs."""
        return self._ask()


FactType = type[Fact] | Reference
"""What names a fact. One fact may be named in both ways: they are the same if their names are."""


class Need(msgspec.Struct, frozen=True):
    """One parameter: the fact that it names (None: the session), and whether None will do where there is none."""

    fact: FactType | None
    optional: bool = False


def imported(fact: FactType) -> type[Fact]:
    """The type of a fact; its module is imported if need be."""
    if not isinstance(fact, Reference):
        return fact
    kind: type[Fact] = getattr(import_module(fact.__module__), fact.__name__)
    return kind


class Facts(Mapping[FactType, Known]):
    """What is known, by fact: each the fact itself, or why it is missing."""

    def __init__(self, known: Mapping[Any, Known] | None = None) -> None:
        self._known: dict[str, tuple[FactType, Known]] = {
            fact.__name__: (fact, value) for fact, value in (known or {}).items()
        }

    def __getitem__(self, fact: FactType) -> Known:
        return self._known[fact.__name__][1]

    def __iter__(self) -> Iterator[FactType]:
        return (fact for fact, _ in self._known.values())

    def __len__(self) -> int:
        return len(self._known)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mapping) and self._by_name() == Facts(other)._by_name()

    __hash__ = None  # type: ignore[assignment]  # a mapping that is compared by what it holds

    def _by_name(self) -> dict[str, Known]:
        return {name: value for name, (_, value) in self._known.items()}
