from __future__ import annotations

import json

import pytest

from envdoctor.report.strict_json import Unsound, loads
from envdoctor.text import limits


def nested(levels: int) -> bytes:
    return b'{"facts": ' + b"[" * levels + b"]" * levels + b"}"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"[" + b"{}," * limits.RECORDED_OBJECTS + b"{}]", "it holds more than 500,000 objects"),
        (nested(65), "it is nested more than 64 levels deep at $.facts" + "[0]" * 64),
        (nested(100_000), "it is nested more than 64 levels deep"),
        (b'{"a": [1, "\\ud800"]}', "half a character, a lone surrogate, stands at $.a[1]"),
        (b'{"a": {"\\udbff": 1}}', "half a character, a lone surrogate, stands at $.a"),
        (b'{"a": "\\udc7f"}', "half a character, a lone surrogate, stands at $.a"),
        (b'{"a": "\\udd00"}', "half a character, a lone surrogate, stands at $.a"),
        (b'{"a": 1e999}', "a number is out of range at $.a"),
        (b'{"a": NaN}', "a number is out of range at $.a"),
        (b'{"a": [-Infinity]}', "a number is out of range at $.a[0]"),
        (b'{"a": 9223372036854775808}', "a number is out of range at $.a"),
        (b'{"a": -9223372036854775808}', "a number is out of range at $.a"),
    ],
)
def test_what_no_report_holds_is_refused_with_its_place(content: bytes, problem: str) -> None:
    with pytest.raises(Unsound) as refused:
        loads(content)
    assert str(refused.value) == problem


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b'{"a": ' + b"9" * 5000 + b"}"])
def test_what_is_no_json_is_a_value_error(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        loads(content)


def test_the_place_is_shown_in_bounds() -> None:
    with pytest.raises(Unsound) as refused:
        loads(json.dumps({"x" * 100_000: float("inf")}).encode())
    assert len(str(refused.value)) < 300


def test_everything_else_is_taken_as_it_is() -> None:
    document = {"a": [1, -1.5, None, True, "caf\udce9", "𝄞", 2**63 - 1], "b": {"": {}}}
    assert loads(json.dumps(document).encode()) == document
    assert loads(nested(64)) == json.loads(nested(64))
