"""Which words of a foreign text may be quoted? Those that are words: whatever else it holds may be a secret.

A file that nobody understands, or the message of a program, is quoted so that a reader finds the place. For that its
words, names, versions and marks will do. A secret is a string of letters and digits in no order, wherever it stands.
"""

from __future__ import annotations

from envdoctor.text.patterns import pattern

LEFT_OUT = "…"
WORD = pattern(r"[^\s'\"`,;()\[\]{}|]+")
LETTERS = r"[a-z]{1,16}+(?:[A-Z][a-z]{2,15}+){0,4}+|(?:[A-Z][a-z]{1,15}+){1,5}+|[A-Z]{1,16}+"
WITH_A_DIGIT = r"[a-z]{1,8}[0-9][a-z]{1,8}+|[0-9][a-z]{2,8}+"  # h5py, s3fs, 7zip
NUMBER = r"[0-9]{1,6}+(?:(?:a|b|c|rc|dev|post|alpha|beta|pre)[0-9]{0,4}+)?"
MARKS = r"[^A-Za-z0-9]"
PLAIN = pattern(rf"{MARKS}*+(?:(?:{WITH_A_DIGIT}|(?:{LETTERS})[0-9]{{0,4}}+|{NUMBER})(?:{MARKS}++|$))*+")


def plain(text: str) -> str:
    """The text with `…` for each word that is none."""
    return WORD.sub(lambda found: found[0] if PLAIN.fullmatch(found[0]) else LEFT_OUT, text)


def is_plain(text: str) -> bool:
    """Whether all of a text may be quoted."""
    return plain(text) == text
