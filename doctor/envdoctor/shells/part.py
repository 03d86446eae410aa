"""A fix as a shell evaluates it: what it is called, and its steps."""

from __future__ import annotations

import msgspec

from envdoctor.engine.fix import AnyAction


class Part(msgspec.Struct, frozen=True):
    """One fix of a script that a shell evaluates.

    Attributes:
        code: of the check.
        title: what stands over it, in one line.
        actions: its steps, none of them by hand.
    """

    code: str
    title: str
    actions: tuple[AnyAction, ...]

    @property
    def failure(self) -> str:
        """What is said on stderr if one of the steps fails."""
        return f"envdoctor: {self.code} is not applied: a step has failed"
