"""What goes wrong in `.pth` files each time a Python starts? Told by what it printed when it was asked."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from envdoctor.engine.fact import Fact
from envdoctor.system.files import Unreadable, read_text
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

# site.py says so since 2.7; a traceback follows, indented
FAILED = pattern(r"^Error processing line (\d{1,6}) of ([^\n]{1,1000}):$", re.MULTILINE)
END = "Remainder of file ignored"
# of these the reason is the line itself; others may come of the clean environment in which a Python is asked
ERRORS = pattern(r"(ModuleNotFound|Import|Name|Attribute|Syntax|Indentation)Error(?=:|$)")
NO_MODULE = pattern(r"(?:ModuleNotFoundError: |ImportError: )No module named '?([A-Za-z_]\w*)(?:\.[\w.]*)?'?")
PRINTS = pattern(r"\bprint\s*\(|\bsys\.stdout\b")


class StartupFault(Fact, frozen=True):
    """A line of a `.pth` file that does harm at every start.

    Attributes:
        file: the file.
        number: the line.
        text: the line, verbatim; None if it could not be read.
        error: why it fails, `ModuleNotFoundError: No module named 'x'`; None for one that prints to standard output.
    """

    file: str
    number: int
    text: str | None
    error: str | None = None


def failing(stderr: str, elsewhere: Iterable[str] = ()) -> Iterator[StartupFault]:
    """The lines that failed. A module that is in one of the directories `elsewhere` is there for the session."""
    for found in FAILED.finditer(stderr):
        block = stderr[found.end() :].partition(END)[0].strip().splitlines()
        last = block[-1].strip() if block else ""
        kind, missing = ERRORS.match(last), NO_MODULE.fullmatch(last)
        if kind and not (missing and any(_holds(directory, missing[1]) for directory in elsewhere)):
            number = int(found[1])
            error = last if missing else kind[0]
            yield StartupFault(found[2], number, _line(found[2], number), error)


def printing(lines: Iterable[str]) -> Iterator[StartupFault]:
    """The lines, in these `.pth` files, that print by what they say."""
    for file in dict.fromkeys(lines):
        for number, text in enumerate(_lines(file), 1):
            if text.startswith(("import ", "import\t")) and PRINTS.search(text):
                yield StartupFault(file, number, text)


def _holds(directory: str, module: str) -> bool:
    return any(os.path.exists(f"{directory}/{name}") for name in (module, f"{module}.py"))


def _line(file: str, number: int) -> str | None:
    lines = _lines(file)
    return lines[number - 1] if 0 < number <= len(lines) else None


def _lines(file: str) -> list[str]:
    try:
        return read_text(file, limits.PACKAGE_FILE).split("\n")
    except Unreadable:
        return []
