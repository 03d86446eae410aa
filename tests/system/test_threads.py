from __future__ import annotations

import threading

import pytest

from envdoctor.engine.collector import establish
from envdoctor.system.deadline import within
from envdoctor.system.threads import begin, side_by_side
from tests import samples
from tests.support import make_session


@pytest.fixture
def no_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system gives no more threads, as where their number is limited."""

    def refuse(_self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)


def test_questions_are_asked_at_the_same_time_and_answered_in_their_order() -> None:
    barrier = threading.Barrier(3, timeout=10)

    def ask(question: int) -> int:
        barrier.wait()
        return question * 2

    assert list(side_by_side(ask, (3, 1, 2)).items()) == [(3, 6), (1, 2), (2, 4)]


def test_who_is_too_late_has_not_answered() -> None:
    release = threading.Event()
    answers = side_by_side(lambda slow: not slow or release.wait(30), (False, True), 0.2)
    release.set()
    assert answers == {False: True}


def test_without_more_threads_one_does_all_the_work(no_threads: None) -> None:
    done: list[int] = []
    assert begin(done.append, 1) is None
    assert done == [1]
    assert side_by_side(lambda question: -question, (3, 1)) == {3: -3, 1: -1}
    assert within(lambda: "answer") == "answer"


def test_without_more_threads_every_fact_is_made(no_threads: None) -> None:
    known = establish([samples.Ground, samples.Moon], make_session())
    assert known.keys() == {samples.Ground, samples.Weather, samples.Moon}
    assert known[samples.Weather] == samples.Weather(rain=False)
