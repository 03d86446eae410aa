"""What authors of checks are told when they hand the wrong facts to theirs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from envdoctor import Finding, Severity, check
from envdoctor.testing import assess
from tests import samples
from tests.samples import Ground, Moon, Weather, advice, all_is_well, wet_ground


def test_facts_are_matched_by_type_whatever_their_order() -> None:
    weather, ground = Weather(rain=True, source="the door"), Ground(wet=True)
    [finding] = assess(wet_ground, weather, ground)
    assert finding.evidence[0].origin == "the door"
    assert assess(wet_ground, ground, weather) == [finding]
    assert assess(all_is_well, weather) == []
    assert len(assess(advice, weather)) == 2


@check("AAA009", severity=Severity.INFO, since="0.1")
def moonless(moon: Moon | None, weather: Weather) -> Iterator[Finding]:
    """There is no moon."""
    if moon is None:
        yield from advice(weather)


def test_a_fact_that_may_be_absent_may_be_left_out() -> None:
    weather = Weather(rain=False)
    assert assess(moonless, weather) == assess(moonless, None, weather) != []
    assert assess(moonless, Moon(), weather) == []


def test_a_wrong_call_says_what_is_wrong() -> None:
    with pytest.raises(TypeError, match="AAA001 also needs Weather"):
        assess(wet_ground, Ground(wet=True))
    with pytest.raises(TypeError, match="CCC002 does not ask for Ground"):
        assess(all_is_well, Weather(rain=True), Ground(wet=True))
    with pytest.raises(TypeError, match="AAA001 also needs Ground, Weather"):
        assess(samples.wet_ground)
