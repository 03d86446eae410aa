"""A pattern is compiled when it is first used, and is then what `re.compile` makes."""

from __future__ import annotations

import re

import pytest

from envdoctor.text.patterns import pattern


def test_a_pattern_answers_as_a_compiled_one(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    make = re.compile

    def tell(source: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(source)
        return make(source, flags)

    monkeypatch.setattr(re, "compile", tell)
    words = pattern("[a-z]+$", re.IGNORECASE | re.MULTILINE)
    assert compiled == []
    assert words.findall("one TWO\nthree") == ["TWO", "three"]
    assert compiled == ["[a-z]+$"]
    assert words.flags & re.IGNORECASE


def test_bytes_are_searched_with_a_pattern_of_bytes() -> None:
    assert pattern(rb"\d+").findall(b"a1b22") == [b"1", b"22"]


def test_what_is_no_pattern_says_so_when_it_is_used() -> None:
    wrong = pattern("(")
    with pytest.raises(re.error, match="unterminated"):
        wrong.search("")
