"""Facts are frozen, probes are called as their functions, and what is missing says whether somebody should look."""

from __future__ import annotations

import msgspec
import pytest

from envdoctor.engine.fact import Missing, MissingKind, Probe, Refused, TimedOut, Unavailable
from tests.samples import Ground, Weather, look_out, touch_ground
from tests.support import make_session


def test_a_fact_cannot_be_changed_and_survives_a_journey_through_json() -> None:
    fact = Weather(rain=True, source="the door")
    with pytest.raises(AttributeError):
        fact.rain = False  # type: ignore[misc]  # that is what is tested
    assert msgspec.json.decode(msgspec.json.encode(fact), type=Weather) == fact
    assert hash(fact) == hash(Weather(rain=True, source="the door"))


def test_a_probe_is_called_as_its_function_and_keeps_its_name() -> None:
    assert isinstance(look_out, Probe)
    assert look_out(make_session({"RAIN": "1"})) == Weather(rain=True)
    assert touch_ground(Weather(rain=False), None) == Ground(wet=False)
    assert (look_out.__name__, look_out.__doc__) == ("look_out", "Read one variable.")


@pytest.mark.parametrize(
    ("kind", "unsettled"),
    [
        (MissingKind.UNAVAILABLE, False),
        (MissingKind.UNRECORDED, False),
        (MissingKind.TIMED_OUT, True),
        (MissingKind.REFUSED, True),
        (MissingKind.BROKEN, True),
    ],
)
def test_only_what_the_machine_would_not_say_is_unsettled(kind: MissingKind, unsettled: bool) -> None:
    assert Missing(kind, "why").unsettled is unsettled


def test_who_waits_for_there_is_none_here_also_catches_the_reasons_why_nobody_knows() -> None:
    for error in (TimedOut, Refused):
        with pytest.raises(Unavailable):
            raise error("the machine does not say")
