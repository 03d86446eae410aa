"""What does a word of a shell script come to, as far as that can be told without running anything?"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping

from envdoctor.facts.shell.tokenizer import Broken
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

QUOTED = pattern(r"\\(\n|.)|\$?'([^']*+)'|\"((?:[^\"\\]|\\.)*+)\"", re.DOTALL)
ESCAPED_IN_QUOTES = pattern(r"\\([\"\\$`])")
VARIABLE = pattern(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))")
OLD_VALUE = "\0"
MARKS = str.maketrans("~$", "\x01\x02")
UNMARK = str.maketrans("\x01\x02", "~$")


class Edit(enum.Enum):
    """What an assignment does to a list of directories."""

    PREPEND = "puts before the old value"
    APPEND = "puts behind the old value"
    ASSIGN = "forgets the old value"


def unquoted(word: str) -> str:
    """A word without its quotes and escapes; variables and substitutions in it stay as they are."""
    return unmarked(marked(word))


def marked(word: str) -> str:
    """The same with marks in place of each `~` and `$` that is quoted so that no shell expands it."""
    return QUOTED.sub(_content, word)


def unmarked(text: str) -> str:
    """The text with its marks turned back."""
    return text.translate(UNMARK)


class TooLong(Broken):
    """What a word comes to is longer than any variable can be."""


def expand(text: str, known: Mapping[str, str]) -> str:
    """A path with `~` and the variables of which the value is known replaced; any other `$NAME` stays.

    What `marked` has marked is not replaced. Raises TooLong: lines such as `A=$A$A` double it each time.
    """
    if text == "~" or text.startswith("~/"):
        text = known.get("HOME", "~") + text[1:]
    room = limits.VALUE

    def value(name: re.Match[str]) -> str:
        nonlocal room
        found = known.get(name[1] or name[2], name[0])
        room -= len(found)
        if room < 0:
            raise TooLong(f"a value comes to more than {limits.VALUE:,} characters")
        return found

    return unmarked(VARIABLE.sub(value, text))


def _content(quoted: re.Match[str]) -> str:
    escaped, single, double = quoted.groups()
    if escaped is not None:
        return "" if escaped == "\n" else escaped.translate(MARKS)
    if single is not None:
        return single.translate(MARKS)
    return ESCAPED_IN_QUOTES.sub(lambda one: one[1].translate(MARKS), double.replace("~", "~".translate(MARKS)))


def split_list(name: str, value: str) -> tuple[Edit, tuple[str, ...]]:
    """What `NAME=value` does to a list of directories, and which elements it adds: `("$HOME/bin",)`.

    Forms such as `${NAME:+:$NAME}`, which avoid an empty element, count as the old value.
    """
    plain = r"(?:[^{}$]|\$(?!\{))*+"
    guarded = re.compile(rf":?\$\{{{name}:?[+-]{plain}(?:\$\{{{name}\}}{plain})?\}}:?|\$\{{?{name}\b\}}?")
    marked = guarded.sub(OLD_VALUE, value)
    elements = tuple(element for element in re.split(f"[:{OLD_VALUE}]", marked) if element)
    if OLD_VALUE not in marked:
        return Edit.ASSIGN, elements
    return Edit.APPEND if marked.startswith(OLD_VALUE) else Edit.PREPEND, elements
