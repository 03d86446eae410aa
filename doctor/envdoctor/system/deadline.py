"""Run a file-system call with a time limit: a dead network mount blocks without end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from envdoctor.system import supervision
from envdoctor.system.threads import begin

T = TypeVar("T")

SECONDS = 2.0


def within(question: Callable[[], T], seconds: float = SECONDS) -> T | None:
    """The answer to a question about the file system; None if none came in time. Who asks is left behind."""
    answers: list[T] = []
    errors: list[BaseException] = []

    def ask() -> None:
        try:
            answers.append(question())
        except BaseException as error:  # noqa: BLE001 - it is raised again where it was asked
            errors.append(error)

    asking = begin(ask)
    until = time.monotonic() + seconds
    while asking and asking.is_alive() and (left := until - time.monotonic()) > 0:
        asking.join(min(left, supervision.BEAT))
        supervision.beat()
    if errors:
        raise errors[0]
    return answers[0] if answers else None
