"""A question to the file system is answered in time or not at all."""

from __future__ import annotations

import threading

import pytest

from envdoctor.system.deadline import within


def test_an_answer_is_handed_on_and_so_is_an_error() -> None:
    assert within(lambda: "answer") == "answer"
    assert within(lambda: None) is None

    def fail() -> str:
        raise PermissionError("not for you")

    with pytest.raises(PermissionError, match="not for you"):
        within(fail)


def test_who_does_not_answer_is_left_behind() -> None:
    release, ended = threading.Event(), threading.Event()

    def hang() -> str:
        release.wait(30)
        ended.set()
        return "too late"

    answer = within(hang, 0.05)
    assert not ended.is_set()
    release.set()
    assert answer is None
    assert ended.wait(30)
