"""What does a path mean whose `~` or `$HOME` no shell has replaced, as in quotes or in a file?"""

from __future__ import annotations

UNEXPANDED = ("~", "$HOME", "${HOME}")
"""How a path may begin in whose place a shell puts the home."""


FILE = "file://"


def is_unexpanded(path: str) -> bool:
    """Whether a path begins with what a shell replaces by the home."""
    return path.startswith(tuple(f"{each}/" for each in UNEXPANDED))


def unexpanded(path: str, home: str | None) -> str | None:
    """The directory that a path means whose beginning no shell has replaced; None if it has none such."""
    beginning = next((each for each in UNEXPANDED if path.startswith(f"{each}/")), None)
    return f"{home}{path.removeprefix(beginning)}" if home and beginning else None


def address_in_full(text: str, home: str | None) -> str | None:
    """The `file://` address that such a path means, or one behind `file://`; None if it has no such beginning."""
    from urllib.parse import quote

    path = unexpanded(text.removeprefix(FILE), home)
    return f"{FILE}{quote(path)}" if path else None
