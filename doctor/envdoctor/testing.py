"""What authors of checks test with: give a check its facts, get back what it finds."""

from __future__ import annotations

from typing import Any

from envdoctor.engine.check import Check
from envdoctor.engine.fact import Fact
from envdoctor.engine.finding import Finding
from envdoctor.engine.reference import imported
from envdoctor.engine.wiring import needs_of


def assess(check: Check[Any], *facts: Fact | None) -> list[Finding]:
    """What the check finds in these facts; an empty list means healthy.

    Facts are matched to the check's parameters by type, so their order does not matter. A parameter that admits None
    gets None when its fact is not given. Raises TypeError for a fact that is missing, given twice or not asked for.
    """
    given = {type(fact): fact for fact in facts if fact is not None}
    needs = [(imported(need.fact), need.optional) for need in needs_of(check) if need.fact is not None]
    wanted = {fact for fact, _ in needs}
    if unasked := sorted(kind.__name__ for kind in given if kind not in wanted):
        raise TypeError(f"{check.code} does not ask for {', '.join(unasked)}")
    if missing := [fact.__name__ for fact, optional in needs if fact not in given and not optional]:
        raise TypeError(f"{check.code} also needs {', '.join(missing)}")
    return list(check(*(given.get(fact) for fact, _ in needs)))
