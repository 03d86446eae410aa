from __future__ import annotations

from envdoctor.facts.session.date import Today
from tests.support import make_session, see


def test_the_day_is_a_date() -> None:
    assert len(see(Today, make_session()).date.split("-")) == 3
