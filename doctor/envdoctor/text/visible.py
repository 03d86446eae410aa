"""How is text shown that may come from a hostile file name or setting?"""

from __future__ import annotations


def visible(text: str) -> str:
    """The text in one line, control characters and undecodable bytes as escapes: it must not drive a terminal."""
    if text.isprintable():  # nearly every text
        return text
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def visible_lines(text: str) -> str:
    """The same for a text of several lines."""
    return "\n".join(map(visible, text.split("\n")))


def _escaped(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()
