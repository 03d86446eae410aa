from __future__ import annotations

import pytest

from envdoctor.text.numbers import whole


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_what_counts_something_is_a_number(text: str, number: int) -> None:
    assert whole(text) == number


@pytest.mark.parametrize("text", ["", "²", "٣", "-1", "+1", "1.0", "1_0", " 1", "9" * 19, "9" * 5_000, "\udc31"])
def test_nothing_else_is(text: str) -> None:
    assert whole(text) is None
