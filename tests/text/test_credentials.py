"""Where credentials stand in a text; what is written in their place, `test_secrets` says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envdoctor.text.credentials import credentials_in


def found(text: str) -> list[str]:
    return [text[place] for place in credentials_in(text)]


@pytest.mark.parametrize(
    ("text", "credentials"),
    [
        ("https://me:pw@m.example/simple", ["me:pw"]),
        ("https://token@m.example/simple", ["token"]),
        ("http://me:a@b@m.example/", ["me:a@b"]),  # the last @ behind which a host can stand
        ("http://me:a/b c@m.example/", ["me:a/b c"]),
        ("http://me:pw@[::1]:8080/", ["me:pw"]),
        ("http://me:@m.example/", ["me:"]),
        ("see https://a:b@m.example and c:d@n.example:80", ["a:b", "c:d"]),
        ("https://p.example/https://me:pw@m.example/x", ["me:pw"]),
        ("me:pw@proxy.example:8080", ["me:pw"]),
        ("HTTPS_PROXY='token9@10.0.0.1:8080'", ["token9"]),
        ("longtoken@m.example/simple", ["longtoken"]),
        ("https://m.example/@scope/pkg@1.0", []),
        ("http://nexus:8081/npm/@scope/pkg@1.0", []),
        ("git+https://forge.example/team/project.git@main", []),
        ("somebody@mail.example", []),
        ("python@3.11/bin", []),
        ("no at sign at all", []),
        ("", []),
    ],
)
def test_credentials_are_what_stands_before_a_host(text: str, credentials: list[str]) -> None:
    assert found(text) == credentials


@given(st.text() | st.text(alphabet="ab1:/@.#? ;=,<>{}$'x"))
def test_places_come_from_left_to_right_and_do_not_overlap(text: str) -> None:
    end = 0
    for place in credentials_in(text):
        assert end <= place.start <= place.stop <= len(text)
        assert text[place.stop : place.stop + 1] == "@"
        end = place.stop
