from __future__ import annotations

import pytest

from envdoctor.text import pep440

HUGE = "9" * 3_990
TOO_LONG = "1." * 3_000


def test_what_is_understood() -> None:
    assert str(pep440.requirement("a[b]>=1 ; python_version > '3'")) == 'a[b]>=1; python_version > "3"'
    assert str(pep440.version("1.0rc1")) == "1.0rc1"
    assert pep440.admits(pep440.specifiers(">=1,<2"), "1.5rc1") is True
    assert pep440.admits(pep440.specifiers(">=1,<2"), "2.5") is False


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a b", "Expected"),
        (f"a {' ' * 4_000}", "longer than 4,000 characters"),
        (f"a; {'(' * 2_000}", "nested too deeply"),
    ],
)
def test_what_is_no_requirement_says_why(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        pep440.parse_requirement(text)
    assert pep440.requirement(text) is None


@pytest.mark.parametrize("text", ["x", "", TOO_LONG])
def test_what_is_no_version_is_none(text: str) -> None:
    assert pep440.version(text) is None


def test_what_cannot_be_compared_is_neither_admitted_nor_refused() -> None:
    assert pep440.admits(pep440.specifiers("what"), "1") is None
    assert pep440.admits(pep440.specifiers(">=1"), "what") is None
    assert pep440.admits(pep440.specifiers(f">={TOO_LONG}1"), "1") is None
    assert pep440.admits(pep440.specifiers(f">={HUGE}"), "1") is False
