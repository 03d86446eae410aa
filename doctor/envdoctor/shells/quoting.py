"""How does a shell say a word? As it is, in quotes, or with escapes for what must not reach a terminal as it is.

File names may hold line ends, escape sequences and bytes that are no text. A command stays one printable line, and
still means that very name. In a shared report the home directory has a pseudonym: each shell knows what it stands for.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable

from envdoctor.text.patterns import pattern

Quote = Callable[[str], str]

PLAIN_FOR_POWERSHELL = pattern(r"[\w./\\:=+-]+")
PLAIN_FOR_NU = pattern(r"[\w./:@%+-]+")
SPECIAL_TO_NU = pattern(r"[^ !#-\[\]-~]")  # all but the plain signs of ASCII
PLAIN_FOR_XONSH = pattern(r"[A-Za-z0-9_./:%+][A-Za-z0-9_./:%+=-]*|-[A-Za-z0-9_-]*(=[A-Za-z0-9_./:%+-]*)?")
QUOTES = pattern(r"['\u2018-\u201b]")  # PowerShell takes each of them for a single quote
EXPANDED = pattern(r"[`$\"\u201c-\u201e]")  # what means something in PowerShell's double quotes
ESCAPED_IN_POSIX = frozenset("'\\!")  # `!` calls up the history, which not every shell leaves alone in $'...'


def posix(text: str) -> str:
    """A word for bash and zsh: `$'...'` where it holds what cannot be shown."""
    if len(parts := _around_home(text)) > 1:
        return _with_home(parts, posix)
    if text.isprintable():
        return shlex.quote(text)
    escaped = (
        piece if piece.isprintable() and piece not in ESCAPED_IN_POSIX else _bytes(piece, "\\x") for piece in text
    )
    return f"$'{''.join(escaped)}'"


def zsh(text: str) -> str:
    """In quotes, too, what holds a `=`: to zsh the word `=ls` is the path of `ls`, also behind a `=` or a colon."""
    if len(parts := _around_home(text)) > 1:
        return _with_home(parts, zsh)
    quoted = posix(text)
    return f"'{text}'" if quoted == text and "=" in text else quoted


def fish(text: str) -> str:
    """A word for fish, which knows escapes outside of quotes only."""
    if len(parts := _around_home(text)) > 1:
        return _with_home(parts, fish)
    if text == shlex.quote(text):
        return text
    pieces = _runs(text) if text else [("", True)]
    return "".join(_fish_quoted(run) if shown else _bytes(run, "\\X") for run, shown in pieces)


def tcsh(text: str) -> str:
    """A word for tcsh, where `!` recalls a command in single quotes too. A line end cannot be said: it is a blank."""
    if len(parts := _around_home(text)) > 1:
        return _with_home(parts, tcsh)
    if text == shlex.quote(text):
        return text
    pieces = _runs(text) if text else [("", True)]
    return "".join(_tcsh_quoted(run) if shown else f"\"`printf '{_octal(run)}'`\"" for run, shown in pieces)


def powershell(text: str) -> str:
    """A word for PowerShell: an argument, or the name of a program."""
    if len(_around_home(text)) > 1:
        return powershell_literal(text)
    plain = PLAIN_FOR_POWERSHELL.fullmatch(text) and text.strip("-")  # a dash alone is an operator
    return text if plain else powershell_literal(text)


def powershell_literal(text: str) -> str:
    """A text as PowerShell writes it in an expression."""
    if len(around := _around_home(text)) > 1 and text.isprintable():
        return '"' + "${HOME}".join(EXPANDED.sub(r"`\g<0>", part) for part in around) + '"'
    if text.isprintable():
        return "'" + QUOTES.sub(r"\g<0>\g<0>", text) + "'"
    parts = (
        powershell_literal(run) if shown else " + ".join(f"[char]::ConvertFromUtf32({ord(piece):#x})" for piece in run)
        for run, shown in _runs(text)
    )
    return f"('' + {' + '.join(parts)})"


def nu(text: str) -> str:
    """A word for Nushell: an argument, or the name of a program behind `^`."""
    plain = PLAIN_FOR_NU.fullmatch(text) and len(_around_home(text)) == 1
    return text if plain else nu_literal(text)


def nu_literal(text: str) -> str:
    """A text as Nushell writes it, which knows no bytes that are no text."""
    if len(parts := _around_home(text)) > 1:
        return '$"' + "($env.HOME)".join(nu_literal(part)[1:-1].replace("(", "\\(") for part in parts) + '"'
    return f'"{SPECIAL_TO_NU.sub(_escaped_for_nu, as_unicode(text))}"'


def _escaped_for_nu(found: re.Match[str]) -> str:
    sign = found[0]
    if sign in '"\\':
        return f"\\{sign}"
    return sign if sign.isprintable() else f"\\u{{{ord(sign):x}}}"


def as_unicode(text: str) -> str:
    """A text without the bytes that are none, each of which is a replacement character."""
    return _encoded(text).decode(errors="replace")


def xonsh(text: str) -> str:
    """A word for xonsh: what a quoted word would expand is Python's text."""
    plain = PLAIN_FOR_XONSH.fullmatch(text) and len(_around_home(text)) == 1
    return text if plain else f"@({xonsh_literal(text)})"


def xonsh_literal(text: str) -> str:
    """A text as Python writes it."""
    parts = _around_home(text)
    return " + $HOME + ".join(map(repr, parts)).removeprefix("'' + ").removesuffix(" + ''")


def joined(words: Iterable[str], quote: Quote) -> str:
    """A command line of these words."""
    return " ".join(map(quote, words))


def _around_home(text: str) -> list[str]:
    """The parts of a text around the home directory of who shares a report; one where it does not stand in it."""
    if "masked-home" not in text:
        return [text]
    from envdoctor.text.pseudonyms import around_home

    return around_home(text)


def _with_home(parts: list[str], quote: Quote) -> str:
    """A word with the home directory between these parts of it."""
    return '"$HOME"'.join(quote(part) if part else "" for part in parts)


def _fish_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _tcsh_quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''").replace("!", "\\!") + "'"


def _octal(text: str) -> str:
    """Bytes as `printf` takes them. What it prints is read line by line: a line end would make two words of one."""
    return "".join(f"\\{int(byte, 16):03o}" for byte in _bytes(text.replace("\n", " "), "\n").split())


def _runs(text: str) -> list[tuple[str, bool]]:
    """The text in pieces that can be shown and pieces that cannot, by turns."""
    from itertools import groupby

    return [("".join(run), shown) for shown, run in groupby(text, str.isprintable)]


def _bytes(text: str, mark: str) -> str:
    """Each byte as an escape; those that are no text are bytes of a file name."""
    return "".join(f"{mark}{byte:02x}" for byte in _encoded(text))


def _encoded(text: str) -> bytes:
    try:
        return text.encode(errors="surrogateescape")
    except UnicodeEncodeError:  # half of a character, which no file name holds
        return text.encode(errors="replace")
