"""How is a word written in a line that a person copies by hand, whichever shell will read it?

A step is quoted by the shells' own renderers. A line in the text of an advice, or one that is appended to a start-up
file, is read by a shell that may be another: only what all read alike is written out.
"""

from __future__ import annotations

from envdoctor.text.patterns import pattern

PLAIN = pattern(r"[A-Za-z0-9_./:@%+,-]+")  # means the same in any quotes, and without; not `=ls`, a path to zsh
SPECIAL_IN_QUOTES = frozenset("'\\!")  # fish knows escapes there, and tcsh the history


def in_quotes(text: str) -> str | None:
    """The word as bash, zsh and fish read it alike; None where there is no such form."""
    if PLAIN.fullmatch(text):
        return text
    return f"'{text}'" if text.isprintable() and SPECIAL_IN_QUOTES.isdisjoint(text) else None


def written(*words: str) -> str | None:
    """A command line of these words; None where one of them cannot be written."""
    quoted = [in_quotes(word) for word in words]
    return None if None in quoted else " ".join(filter(None, quoted))
