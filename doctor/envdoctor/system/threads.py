"""How is work done beside other work, also where the system gives no more threads?"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterable
from contextvars import copy_context
from typing import TypeVar

Q = TypeVar("Q", bound=Hashable)
A = TypeVar("A")


def begin(work: Callable[..., object], *arguments: object) -> threading.Thread | None:
    """Start a piece of work in a thread of its own. Where no more threads can be had, it is done here and now: None."""
    thread = threading.Thread(target=copy_context().run, args=(work, *arguments), daemon=True)
    try:
        thread.start()
    except RuntimeError:
        work(*arguments)
        return None
    return thread


def side_by_side(ask: Callable[[Q], A], questions: Iterable[Q], seconds: float | None = None) -> dict[Q, A]:
    """The answers to these questions, asked at the same time, in their order; without those that come too late."""
    answers: dict[Q, A] = {}
    errors: list[BaseException] = []

    def put(question: Q) -> None:
        try:
            answers[question] = ask(question)
        except BaseException as error:  # noqa: BLE001 - it is raised again where it was asked
            errors.append(error)

    asked = tuple(questions)
    threads = [thread for question in asked if (thread := begin(put, question))]
    deadline = None if seconds is None else time.monotonic() + seconds
    for thread in threads:
        thread.join(None if deadline is None else max(deadline - time.monotonic(), 0))
    if errors:
        raise errors[0]
    return {question: answers[question] for question in asked if question in answers}
