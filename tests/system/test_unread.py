from __future__ import annotations

from envdoctor.system.unread import note, noting


def test_what_could_not_be_read_is_noted_with_the_last_reason() -> None:
    with noting() as notes:
        note("/home/ada/.bashrc", "too large")
        note("/home/ada/.zshrc", "not text")
        note("/home/ada/.bashrc", "no text")
    assert notes == {"/home/ada/.bashrc": "no text", "/home/ada/.zshrc": "not text"}


def test_each_question_has_its_own_notes() -> None:
    with noting() as outer:
        note("/a", "first")
        with noting() as inner:
            note("/b", "second")
        note("/c", "third")
    assert (outer, inner) == ({"/a": "first", "/c": "third"}, {"/b": "second"})


def test_nobody_asks_and_nothing_is_kept() -> None:
    note("/a", "too large")
    with noting() as notes:
        pass
    assert notes == {}
