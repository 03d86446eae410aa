from __future__ import annotations

from envdoctor.engine.fact import Missing, MissingKind
from envdoctor.engine.reference import Facts, Need, Reference, imported
from tests import samples


def refer_to_weather() -> Reference:
    return Reference("Weather", "tests.samples", lambda: (Need(samples.Moon, optional=True),))


def test_a_reference_leads_to_the_type() -> None:
    reference = refer_to_weather()
    assert imported(reference) is samples.Weather
    assert imported(samples.Weather) is samples.Weather
    assert reference.needs == (Need(samples.Moon, optional=True),)
    assert repr(reference) == "<reference to tests.samples.Weather>"


def test_type_and_reference_name_the_same_fact() -> None:
    dry, none = samples.Weather(rain=False), Missing(MissingKind.UNAVAILABLE, "no moon here")
    known = Facts({samples.Weather: dry, samples.Moon: none})
    assert known[refer_to_weather()] is known[samples.Weather] is dry
    assert known.get(samples.Ground) is None
    assert (list(known), len(known)) == ([samples.Weather, samples.Moon], 2)
    assert known == Facts({refer_to_weather(): dry, samples.Moon: none})
    assert known == {samples.Weather: dry, samples.Moon: none}
    assert known != Facts({samples.Weather: dry})
    assert len(Facts({samples.Weather: dry, refer_to_weather(): dry})) == 1
