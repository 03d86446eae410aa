from __future__ import annotations

from envdoctor.text.visible import visible


def test_what_could_drive_a_terminal_is_spelled_out() -> None:
    assert visible("a\x1b[2Jb\x07\r\n\x9b\u202e\udcff\ud800é") == "a\\x1b[2Jb\\x07\\r\\n\\x9b\\u202e\\xff\\ud800é"
