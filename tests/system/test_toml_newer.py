from __future__ import annotations

import pytest

from envdoctor.system.toml import loads, older_fault
from envdoctor.system.toml_newer import in_older_words


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("x = {a = 1,}", {"a": 1}),
        ("x = {\n  # {, }\n  a = 1, # b\n  b = [\n    2, # c\n  ],\n}", {"a": 1, "b": [2]}),
        ("x = {\r\n  a = {b = 1, },\r\n}", {"a": {"b": 1}}),
        ('x = {a = "}\\n,}",}', {"a": "}\n,}"}),
        ("x = {a = '''\n,}''',}", {"a": ",}"}),
        ('x = "\\x41\\e\\\\x41\\u0042"', "A\x1b\\x41B"),
        ('x = """\n\\x41\\e"""', "A\x1b"),
    ],
)
def test_what_only_the_newer_version_allows_is_read(text: str, meant: object) -> None:
    assert loads(f"y = 1\n{text}\n") == {"y": 1, "x": meant}
    assert older_fault(f"y = 1\n{text}\n") is not None


@pytest.mark.parametrize(
    ("text", "older"),
    [
        ("x = 12:30", "x = 12:30:00"),
        ("x = 2026-01-01T12:30Z", "x = 2026-01-01T12:30:00Z"),
        ("x = 2026-01-01T12:30:15-05:30", "x = 2026-01-01T12:30:15-05:30"),
        ('"12:30" = "12:30" # 12:30', '"12:30" = "12:30" # 12:30'),
    ],
)
def test_times_get_their_seconds(text: str, older: str) -> None:
    assert in_older_words(text) == older
    assert older_fault(older) is None


@pytest.mark.parametrize("text", ["x = {,}", "x = {a = 1,,}", "x = {", "x =", "x = '\\x41", 'x = """\\x41', "x = }"])
def test_what_no_version_allows_stays_wrong(text: str) -> None:
    with pytest.raises(ValueError, match=r"line|end of document"):
        loads(text)


def test_brackets_in_brackets_end_the_search_for_newer_words() -> None:
    assert loads(f"x = {'[' * 100}12{']' * 100}")
    assert loads(f"x = {{a = {'[' * 99}1{']' * 99},}}")
    with pytest.raises(RecursionError):
        loads(f"x = {{a = {'[' * 100}1{']' * 100},}}")


def test_where_the_older_version_stops_is_said() -> None:
    assert older_fault("y = 1\nx = '\\x41'\n") is None
    assert older_fault('y = 1\nx = "\\x41"\n') == (2, "Unescaped '\\' in a string")
