"""The steps of a fix as zsh says them."""

from __future__ import annotations

import shlex

from envdoctor.engine.fix import AnyAction, Manual
from envdoctor.shells import posix
from envdoctor.text.visible import visible


def command(action: AnyAction) -> str:
    """The line to paste for one step.

    A zsh that is typed into knows no comments: it would run what stands in backticks behind a `#`.
    """
    if isinstance(action, Manual):
        return f": {_quote(visible(action.text))}"
    return posix.command(action, _quote)


def _quote(text: str) -> str:
    """In quotes, too, what holds a `=`: to zsh the word `=ls` is the path of `ls`, also behind a `=` or a colon."""
    quoted = shlex.quote(text)
    return f"'{text}'" if quoted == text and "=" in text else quoted
