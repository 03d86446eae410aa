"""How is a number read that may be anything? A text may hold digits that are none to `int`, or thousands of them."""

from __future__ import annotations

LONGEST = 18


def whole(text: str) -> int | None:
    """A whole number in ASCII digits; None if the text is none, or longer than any that counts something."""
    return int(text) if len(text) <= LONGEST and text.isascii() and text.isdigit() else None
