from __future__ import annotations

import re

import pytest

from tests.regexes import Regex, regexes, slow

pytestmark = pytest.mark.thorough

ALL = list(regexes())
LONGEST_NAME = 255
NAMES_OF_FILES = ("envdoctor/facts/python/distributions.py:PYTHON_TAG",)
"""Asked only about the name of one file, which no system lets be longer."""


@pytest.mark.parametrize("regex", ALL, ids=lambda regex: regex.place)
def test_no_text_makes_a_regular_expression_slow(regex: Regex) -> None:
    sizes = {"largest": LONGEST_NAME} if regex.name in NAMES_OF_FILES else {}
    assert slow(regex, **sizes) is None


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("(a+)+$", "match"),
        ("(a|a)*b", "match"),
        (r"\s*#", "search"),
        (r"\s+$", "sub"),
        (r"<[^>]*>", "finditer"),
        (r"x[0-9]+[a-z0-9]*!", "match"),
        (r"(.*?)[ ]+;", "match"),
        (rb"key=.*\n;", "search"),
    ],
)
def test_slow_ones_are_found(text: str | bytes, method: str) -> None:
    regex = Regex("here:1", "here", text, re.DOTALL, frozenset({method}))
    # a measurement may be off on a busy machine, and is clearer, but dearer, where more is asked for
    assert any(slow(regex, largest=size) for size in (8_000, 16_000, 32_000, 32_000, 32_000))


def test_every_regular_expression_is_found() -> None:
    texts = {regex.text for regex in ALL}
    assert {r"[ \t]+", r"-py[0-9.]+(?:-[\w.-]+)?$"} <= texts  # made by `pattern`, and given to a function of `re`
    assert len(ALL) > 200
