from __future__ import annotations

import pytest

from envdoctor.plan.order import ordered


@pytest.mark.parametrize(
    ("before", "order"),
    [
        (set(), "abc"),
        ({"ca"}, "bca"),
        ({"ba", "cb"}, "cba"),
        ({"ab", "ba"}, "abc"),
        ({"ab", "ba", "ca"}, "bca"),
        ({"ab", "bc", "ca"}, "abc"),
    ],
)
def test_things_keep_their_order_but_for_those_that_another_comes_before(before: set[str], order: str) -> None:
    assert "".join(ordered("abc", lambda one, other: one + other in before)) == order
