"""Which words does a shell script consist of? Split as bash, zsh or fish would, without expanding anything.

Comments, empty lines, here-documents and redirections are left out; what is quoted or substituted is part of its word.
The work is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from envdoctor.text.patterns import pattern

DEEPEST = 30
PLAIN = pattern(r"[^\s;&|()<>'\"\\`$#{}=]+|[#{}=]")
PLAIN_IN_QUOTES = pattern(r"[^\"\\$`]+")
PLAIN_IN_SUBSTITUTION = pattern(r"[^()'\"\\`]+")
SIMPLE = pattern(r"[ \t]*+([A-Za-z_./~+%@,:-][\w./~+%@,:-]*+)(?=[ \t\n;)])")
"""A word without anything special, which most are: to take it at once saves half of the work."""
BLANK = pattern(r"(?:[ \t\r\f\v]|\\\n|#[^\n]*)+")
EMPTY_LINES = pattern(r"(?:[ \t\r\f\v\n]|\\\n|#[^\n]*)*")
SPECIAL = frozenset("<>;&|()\n0123456789")  # what a here-document, a redirection or an operator begins with
HEREDOC = pattern(r"<<(-?)[ \t]*(?:'([^'\n]*)'|\"([^\"\n]*)\"|\\?([^\s;&|()<>]+))")
REDIRECT = pattern(r"[0-9]*(?:&>>?|<<<|>>|>&|>\||<&|<>|>|<)[ \t]*")
PROCESS = pattern(r"[<>]\(")
SINGLE = pattern(r"[^']*+'")
SINGLE_WITH_ESCAPES = pattern(r"(?:[^'\\]|\\.)*+'", re.DOTALL)
BACKTICKS = pattern(r"(?:[^`\\]|\\.)*+`", re.DOTALL)
OPERATOR = pattern(r";;&|;;|;&|&&|\|\||\|&|[;&|()\n]")


class Broken(Exception):  # noqa: N818 - an answer about the text: up to here, and no further
    """The text cannot be read any further. The message says at which line and why."""


class Token(msgspec.Struct, frozen=True):
    """One word or operator, verbatim, with the line that it begins in."""

    text: str
    line: int
    is_word: bool


class _Scanner:
    """Finds the ends of quotations and substitutions."""

    def __init__(self, text: str, *, fish: bool) -> None:
        self.text = text
        self.fish = fish

    def after_word(self, start: int) -> int:
        """The index after the word that begins here."""
        text, here = self.text, start
        while here < len(text):
            if plain := PLAIN.match(text, here):
                here = plain.end()
                if plain[0] == "=" and text[here : here + 1] == "(" and not self.fish:
                    here = self.after_substitution(here + 1)  # an array
            elif (piece := self._after_piece(here, 0)) is not None:
                here = piece
            else:
                break
        return here

    def _after_piece(self, here: int, depth: int) -> int | None:
        """The index after the quotation, escape or substitution that begins here; None if none does."""
        end: int | None = None
        match self.text[here]:
            case "\\":
                end = here + 2
            case "'":
                end = self._after_single(here + 1, escapes=self.fish)
            case '"':
                end = self._after_double(here + 1, depth)
            case "`":
                end = self._after_backtick(here + 1)
            case "$" if self.text.startswith("$'", here) and not self.fish:
                end = self._after_single(here + 2, escapes=True)
            case "$" if self.text.startswith("$(", here):
                end = self.after_substitution(here + 2, depth)
            case "$":
                end = here + 1
            case "(" if self.fish:
                end = self.after_substitution(here + 1, depth)
            case _:
                pass
        return end

    def _after_single(self, here: int, *, escapes: bool) -> int:
        end = (SINGLE_WITH_ESCAPES if escapes else SINGLE).match(self.text, here)
        return end.end() if end else self._unended(here, "quotation")

    def _after_double(self, here: int, depth: int) -> int:
        while here < len(self.text):
            if plain := PLAIN_IN_QUOTES.match(self.text, here):
                here = plain.end()
            elif self.text[here] == '"':
                return here + 1
            else:
                here = self._after_piece(here, depth + 1) or here + 1
        return self._unended(here, "quotation")

    def _after_backtick(self, here: int) -> int:
        end = BACKTICKS.match(self.text, here)
        return end.end() if end else self._unended(here, "substitution")

    def after_substitution(self, here: int, depth: int = 0) -> int:
        """The index after the closing parenthesis that belongs to the one before this index."""
        if depth > DEEPEST:
            self._unended(here, "substitution")
        while here < len(self.text):
            if plain := PLAIN_IN_SUBSTITUTION.match(self.text, here):
                here = plain.end()
            elif self.text[here] == ")":
                return here + 1
            elif self.text[here] == "(":
                here = self.after_substitution(here + 1, depth + 1)
            else:
                here = self._after_piece(here, depth + 1) or here + 1
        return self._unended(here, "substitution")

    def _unended(self, here: int, what: str) -> int:
        line = self.text.count("\n", 0, here) + 1
        raise Broken(f"a {what} is still open at line {line}")


def tokens(text: str, *, fish: bool = False) -> Iterator[Token]:
    """The words and operators of a script. Raises Broken where it ends within a quotation."""
    scanner, here, line = _Scanner(text, fish=fish), 0, 1
    awaited: list[re.Pattern[str]] = []
    while here < len(text):
        if simple := SIMPLE.match(text, here):
            here = simple.end()
            yield Token(simple[1], line, is_word=True)
            continue
        start, special = here, text[here] in SPECIAL
        if blank := BLANK.match(text, here):
            here = blank.end()
        elif special and not fish and (heredoc := HEREDOC.match(text, here)) and not text.startswith("<<<", here):
            indent, last = "\t*" if heredoc[1] else "", re.escape(heredoc[2] or heredoc[3] or heredoc[4] or "")
            awaited.append(re.compile(f"^{indent}{last}$\n?", re.MULTILINE))
            here = heredoc.end()
        elif special and not fish and (process := PROCESS.match(text, here)):
            here = scanner.after_substitution(process.end())
            yield Token(text[start:here], line, is_word=True)
        elif special and (redirect := REDIRECT.match(text, here)):
            here = scanner.after_word(redirect.end())
        elif special and (operator := _operator(text, here, fish=fish)):
            here = operator.end()
            yield Token(operator[0], line, is_word=False)
            if operator[0] == "\n":
                for last_line in awaited:
                    found = last_line.search(text, here)
                    here = found.end() if found else len(text)
                awaited.clear()
                here = EMPTY_LINES.match(text, here).end()  # type: ignore[union-attr]  # it always matches
        else:
            here = max(scanner.after_word(here), here + 1)
            yield Token(text[start:here], line, is_word=True)
        line += text.count("\n", start, here)


def _operator(text: str, here: int, *, fish: bool) -> re.Match[str] | None:
    found = OPERATOR.match(text, here)
    return None if found and fish and found[0] in ("(", ")") else found
