"""How is a place looked at that may never answer? A dead network mount keeps whoever asks waiting for ever."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from envdoctor.system.threads import begin

T = TypeVar("T")

SECONDS = 2.0


def within(question: Callable[[], T], seconds: float = SECONDS) -> T | None:
    """The answer to a question about the file system; None if none came in time. Who asks is left behind."""
    answers: list[T] = []
    asking = begin(lambda: answers.append(question()))
    if asking:
        asking.join(seconds)
    return answers[0] if answers else None
