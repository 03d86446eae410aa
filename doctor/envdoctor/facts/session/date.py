"""Which day is it? A fact like any other, so that a recorded examination is judged by its own day."""

from __future__ import annotations

from envdoctor.engine.fact import Fact, probe
from envdoctor.system.session import Session


class Today(Fact, frozen=True):
    """The day of the examination, `2026-11-23`, in universal time."""

    date: str


@probe
def probe_today(_session: Session) -> Today:
    """Look at the clock."""
    from datetime import UTC, datetime

    return Today(datetime.now(UTC).date().isoformat())
