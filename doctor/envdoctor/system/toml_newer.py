"""What TOML 1.1 allows, in the words of TOML 1.0, beyond which `tomllib` reads nothing before Python 3.15.

uv reads it since 0.9.22: line ends, comments and a last comma in inline tables, two more escapes in strings, and times
without seconds.
"""

from __future__ import annotations

import re

from envdoctor.text import limits
from envdoctor.text.patterns import pattern

# a string of several lines that does not end is the rest of the text: nothing is looked through twice
WORD = pattern(
    r'"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+(?:"{3,5}|\Z)'
    r"|'''(?:[^']++|'{1,2}(?!'))*+(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]++|\\.)*+"'
    r"|'[^'\n]*+'"
    r"|#[^\n]*+|\r?\n|[{}\[\],]|(?<![\d:.+-])\d\d:\d\d(?![\d:])|[^\"'#\r\n{}\[\],\d]++|.",
    re.DOTALL,
)
ESCAPE = pattern(r"\\(?:x([0-9A-Fa-f]{2})|.)", re.DOTALL)
LINE_ENDS = ("\n", "\r\n")
TIME = pattern(r"\d\d:\d\d")


def in_older_words(text: str) -> str:
    """The text without what only TOML 1.1 allows; what neither allows stays wrong. Raises RecursionError."""
    said: list[str] = []
    opened: list[str] = []
    before, comma = "", -1  # the last word that counts, and where the last comma stands that may be dropped
    for found in WORD.finditer(text):
        word = found[0]
        inline = opened[-1:] == ["{"]
        if inline and (word[0] == "#" or word in LINE_ENDS):
            word = " "
        elif word[0] == '"':
            word = ESCAPE.sub(_escape, word)
        elif word in "{[":
            opened.append(word)
            if len(opened) > limits.TOML_DEPTH:
                raise RecursionError
        elif word in "}]":
            if inline and word == "}" and before == "," and comma >= 0:
                said[comma] = ""
            del opened[-1:]
        elif TIME.fullmatch(word):
            word += ":00"
        if word.strip():
            comma = len(said) if word == "," and before != "{" else -1
            before = word
        said.append(word)
    return "".join(said)


def _escape(found: re.Match[str]) -> str:
    if found[1]:
        return rf"\u00{found[1]}"
    return r"\u001B" if found[0] == r"\e" else found[0]
