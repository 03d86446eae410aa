"""The steps of a fix as zsh says them."""

from __future__ import annotations

from collections.abc import Sequence

from envdoctor.engine.fix import AnyAction, Manual
from envdoctor.shells import posix
from envdoctor.shells.part import Part
from envdoctor.shells.quoting import zsh as quote
from envdoctor.text.visible import visible


def command(action: AnyAction) -> str:
    """The line to paste for one step.

    A zsh that is typed into knows no comments: it would run what stands in backticks behind a `#`.
    """
    if isinstance(action, Manual):
        return f": {quote(visible(action.text))}"
    return posix.command(action, quote)


def group(parts: Sequence[Part]) -> str:
    """The fixes as one group for `eval`, which knows comments also where none can be typed."""
    return posix.group(parts, quote)
