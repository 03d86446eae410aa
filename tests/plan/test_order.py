from __future__ import annotations

import pytest

from envdoctor.plan.order import ordered


@pytest.mark.parametrize(
    ("things", "before", "order"),
    [
        ("abc", set(), "abc"),
        ("abc", {"ca"}, "bca"),
        ("abc", {"ba", "cb"}, "cba"),
        ("abc", {"ab", "ba"}, "abc"),
        ("abc", {"ab", "ba", "ca"}, "bca"),
        ("abc", {"ab", "bc", "ca"}, "abc"),
        ("aAbBc", {"ba", "ca"}, "bBcaA"),
    ],
)
def test_things_keep_their_order_but_for_those_that_another_comes_before(
    things: str, before: set[str], order: str
) -> None:
    assert "".join(ordered(things, str.lower, lambda one, other: one + other in before)) == order
