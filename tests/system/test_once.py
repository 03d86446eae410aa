from __future__ import annotations

import pytest

from envdoctor.system.files import Unreadable
from envdoctor.system.once import Once
from envdoctor.system.unread import note, noting


def test_a_file_is_read_once() -> None:
    asked: list[str] = []

    def read(path: str) -> int:
        asked.append(path)
        return len(asked)

    once = Once(read)
    assert [once("/a/x"), once("/a/y"), once("/a/x")] == [1, 2, 1]
    assert asked == ["/a/x", "/a/y"]


def test_every_asker_is_told_what_could_not_be_read() -> None:
    asked: list[str] = []

    def read(path: str) -> int:
        asked.append(path)
        note(path, "too large")
        raise Unreadable(path, "too large")

    once = Once(read)
    for _ in range(2):
        with noting() as notes, pytest.raises(Unreadable, match="too large"):
            once("/a/x")
        assert notes == {"/a/x": "too large"}
    assert asked == ["/a/x"]
