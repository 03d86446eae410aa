from __future__ import annotations

from envdoctor.text.visible import visible, visible_lines


def test_what_could_drive_a_terminal_is_spelled_out() -> None:
    assert visible("a\x1b[2Jb\x07\r\n\x9b\u202e\udcff\ud800é") == "a\\x1b[2Jb\\x07\\r\\n\\x9b\\u202e\\xff\\ud800é"


def test_the_lines_of_a_text_stay_lines() -> None:
    assert visible_lines("a\nb\x1b\n") == "a\nb\\x1b\n"
