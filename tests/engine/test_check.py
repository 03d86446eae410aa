"""What a check is: its function, and what the decorator and the docstring say about it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from envdoctor import Finding, Severity, check
from envdoctor.engine.check import Check, family_of
from tests.samples import Weather, advice


@check("UVX042", severity=Severity.WARNING, since="0.2", unless=("PIP001",), moots=("PIP002",))
def tool_is_lost(weather: Weather) -> Iterator[Finding]:
    """The tool is lost.

    ## Why it matters
    It does not start.

    ## How to fix
    Install it.
    """
    yield Finding(f"rain: {weather.rain}", fix=next(iter(advice(weather))).fix)


def test_a_check_says_what_the_decorator_and_the_docstring_say() -> None:
    assert isinstance(tool_is_lost, Check)
    assert (tool_is_lost.code, tool_is_lost.slug, tool_is_lost.family) == ("UVX042", "tool-is-lost", "uvx")
    assert (tool_is_lost.severity, tool_is_lost.since, tool_is_lost.unless) == (Severity.WARNING, "0.2", ("PIP001",))
    assert tool_is_lost.moots == ("PIP002",)
    assert tool_is_lost.title == "The tool is lost."
    assert tool_is_lost.sections == ("Why it matters", "How to fix")
    assert "\n## How to fix\nInstall it." in tool_is_lost.manual
    assert repr(tool_is_lost) == "<check UVX042 tool-is-lost>"


def test_a_check_is_called_like_its_function() -> None:
    assert [finding.message for finding in tool_is_lost(Weather(rain=True))] == ["rain: True"]


@pytest.mark.parametrize("word", ["PIP1", "pip001", "P001", "PIP0001", "LETTERS001", "PIP001 ", "pip-installs"])
def test_what_is_no_code_is_refused_wherever_it_stands(word: str) -> None:
    for code, unless, moots in ((word, (), ()), ("PIP001", (word,), ()), ("PIP001", (), (word,))):
        with pytest.raises(ValueError, match="is not a family prefix and three digits"):
            check(code, severity=Severity.ERROR, since="0.1", unless=unless, moots=moots)


def test_the_family_is_in_the_letters() -> None:
    assert [family_of(code) for code in ("PIP001", "UV999", "ABCDEF123")] == ["PIP", "UV", "ABCDEF"]
