"""What is a fact, and how does one come to be known?

A fact is a frozen record of one thing that was seen on the machine. A probe is the function that sees it: its return
annotation names the fact that it makes, its parameters the facts that it needs. A fact and its probe live in the same
module, which is how the doctor finds the probe.

Facts are `msgspec.Struct`s and not dataclasses: to define one costs a fiftieth of the time (0.01 ms against 0.6 ms,
and a run defines more than a hundred), and they turn into JSON and back, which is what makes a replay possible.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

import msgspec

from envdoctor.engine.gate import OPEN, Gate


class Fact(msgspec.Struct, frozen=True):
    """One thing that was seen: frozen, comparable, and the same after a journey through JSON.

    Paths are `str`, as the machine spells them. Every value that came from somewhere keeps its origin beside it.
    """


class Unavailable(Exception):  # noqa: N818 - it is an answer ("there is none here"), not an error
    """Raised by a probe: the fact does not exist here. What needs it is skipped, and says why."""


class TimedOut(Unavailable):
    """Raised by a probe: the machine did not answer in time. The run ends with exit code 3, because nobody knows."""


class Refused(Unavailable):
    """Raised by a probe: who knows may not be executed. The run ends with exit code 3, because nobody knows."""


class MissingKind(enum.Enum):
    """The ways in which a fact can be missing. Only the first is an answer: there is none here."""

    UNAVAILABLE = "unavailable"
    TIMED_OUT = "timed out"
    REFUSED = "refused"
    BROKEN = "broken"
    UNRECORDED = "not recorded"


class Missing(msgspec.Struct, frozen=True):
    """Why a fact is not there."""

    kind: MissingKind
    reason: str

    @property
    def unsettled(self) -> bool:
        """Whether somebody should look: the machine could not be examined as it should have been."""
        return self.kind in {MissingKind.TIMED_OUT, MissingKind.REFUSED, MissingKind.BROKEN}


Known = Fact | Missing
"""What comes of a probe: the fact, or why it is not there."""

FactT = TypeVar("FactT", bound=Fact)


class Probe(Generic[FactT]):
    """A function that makes one fact, as marked by `probe`.

    Attributes:
        function: the function.
        gate: what must be there so that it is called at all.
    """

    def __init__(self, function: Callable[..., FactT], gate: Gate = OPEN) -> None:
        self.function = function
        self.gate = gate
        self.__name__ = function.__name__
        self.__doc__ = function.__doc__

    def __call__(self, *needs: Any) -> FactT:  # noqa: ANN401 - the runner supplies what the annotations name
        """Make the fact from the session and the facts that the signature names, in their order."""
        if self.gate.is_shut(needs):
            raise Unavailable(self.gate.otherwise)
        return self.function(*needs)


@overload
def probe(function: Callable[..., FactT], /) -> Probe[FactT]: ...


@overload
def probe(
    *, where: tuple[str, ...] = (), where_set: tuple[str, ...] = (), otherwise: str
) -> Callable[[Callable[..., FactT]], Probe[FactT]]: ...


def probe(
    function: Callable[..., FactT] | None = None,
    /,
    *,
    where: tuple[str, ...] = (),
    where_set: tuple[str, ...] = (),
    otherwise: str = "",
) -> Probe[FactT] | Callable[[Callable[..., FactT]], Probe[FactT]]:
    """Mark a function as the probe of the fact that its return annotation names. It registers nothing.

    Args:
        function: the function.
        where: ways into its facts, as `Project.pyproject`: if neither one of these leads to something ...
        where_set: ... nor one of these variables is set, there is no such fact here; it is then not even imported.
        otherwise: what is said then.
    """
    if function is not None:
        return Probe(function)
    gate = Gate(where, where_set, otherwise)
    return lambda marked: Probe(marked, gate)
