"""What authors of checks test with: give a check its facts, get back what it finds."""

from __future__ import annotations

from typing import Any

from envdoctor.engine.check import Check
from envdoctor.engine.fact import Fact
from envdoctor.engine.finding import Finding
from envdoctor.engine.wiring import needs_of


def assess(check: Check[Any], *facts: Fact | None) -> list[Finding]:
    """What the check finds in these facts; an empty list means healthy.

    Facts are matched to the check's parameters by type, so their order does not matter. A parameter that admits None
    gets None when its fact is not given. Raises TypeError for a fact that is missing, given twice or not asked for.
    """
    given = {type(fact): fact for fact in facts if fact is not None}
    needs = needs_of(check)
    wanted = {need.fact for need in needs}
    if unasked := sorted(kind.__name__ for kind in given if kind not in wanted):
        raise TypeError(f"{check.code} does not ask for {', '.join(unasked)}")
    missing = [need.fact for need in needs if need.fact not in given and not need.optional]
    if missing:
        raise TypeError(f"{check.code} also needs {', '.join(kind.__name__ for kind in missing if kind)}")
    return list(check(*(given.get(need.fact) for need in needs if need.fact is not None)))
