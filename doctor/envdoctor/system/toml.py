"""How is a TOML file read so that a finding can name the line? `tomllib` keeps no positions; the text does."""

from __future__ import annotations

import bisect
import contextlib
import functools
import re
from typing import Any

import msgspec

from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.unread import note
from envdoctor.text import limits
from envdoctor.text.patterns import pattern
from envdoctor.text.plain import plain

HEADER = pattern(r"\s*+\[\[?([^\[\]]++)\]")
KEY = pattern(r"""\s*+(?:"([^"]*+)"|'([^']*+)'|([\w-]++))\s*+[=.]""")
STRING = pattern(r""""([^"\\]*+)"|'([^']*+)'""")
LONG_KEY = pattern(r"""(?<![\w-])(?:(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){32}""")
PLACE = r"(?<!\s)\s*\(at line (\d+), column \d+\)"
END = r"(?<!\s)\s*\(at end of document\)"

Table = dict[str, Any]


class Document(msgspec.Struct, frozen=True):
    """A TOML file: its path, its text, and what it says."""

    path: str
    text: str
    table: Table

    def origin(self, table: str, key: str, within: str = "") -> str:
        """`path:line` of a key of a table, or of the first line of its value that holds a text; the path if unsure."""
        line = find_line(self.text, table, key, within)
        return f"{self.path}:{line}" if line else self.path


class Malformed(Unreadable):
    """A file is not TOML. The message is `path:line: reason`.

    Attributes:
        line: where it stops to be, from 1; None if that is not known.
    """

    def __init__(self, path: str, reason: str, line: int | None) -> None:
        self.line = line
        super().__init__(path if line is None else f"{path}:{line}", plain(reason))
        note(self.path, self.reason)


def read_toml(path: str, limit: int = limits.FILE) -> Document:
    """Read a TOML file. Raises Unreadable, whose message names the file, the line if there is one, and the reason."""
    text = read_text(path, limit)
    return Document(path, text, parse_toml(path, text))


def loads(text: str) -> Table:
    """What a text says, in TOML 1.0 or 1.1. Raises ValueError, also for very long numbers, or RecursionError.

    A key of very many parts would keep `tomllib` busy for minutes: it takes the square of their number.
    """
    import tomllib

    if LONG_KEY.search(text):
        raise RecursionError
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        from envdoctor.system.toml_newer import in_older_words

        older = in_older_words(text)
        if older == text:
            raise
        with contextlib.suppress(ValueError):
            return tomllib.loads(older)
        raise


def older_fault(text: str) -> tuple[int, str] | None:
    """The line, and why whoever knows no more than TOML 1.0 stops at it; None if it reads the text."""
    import tomllib

    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return _place(error, text)
    except (ValueError, RecursionError):
        return None
    return None


def parse_toml(path: str, text: str) -> Table:
    """What a text says. Raises Malformed in the name of the file that it comes from."""
    import tomllib

    try:
        return loads(text)
    except tomllib.TOMLDecodeError as error:
        line, reason = _place(error, text)
        raise Malformed(path, reason, line) from error
    except RecursionError as error:
        raise Malformed(path, "nested too deeply", None) from error
    except ValueError as error:  # a number of thousands of digits
        raise Malformed(path, str(error).split(";")[0], None) from error


def _place(error: ValueError, text: str) -> tuple[int, str]:
    """The line of an error of `tomllib`, and the reason."""
    place = re.search(PLACE, str(error))
    line = int(place[1]) if place else len(text.splitlines()) or 1
    return line, re.sub(PLACE, "", re.sub(END, "", str(error)))


def table_at(table: Table, *keys: str) -> Table:
    """The table below these keys; an empty one where there is none."""
    for key in keys:
        value = table.get(key)
        table = value if isinstance(value, dict) else {}
    return table


def has_table(table: Table, *keys: str) -> bool:
    """Whether there is a table below these keys, even an empty one."""
    *above, last = keys
    return isinstance(table_at(table, *above).get(last), dict)


def strings(value: object) -> tuple[str, ...]:
    """The texts of an array; nothing for whatever else stands there."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def find_line(text: str, table: str, key: str, within: str = "") -> int:
    """The number of the line that sets a key of a table, from 1; 0 if it is not written in the plain way.

    With `within`, the line from there on that holds this string, as the items of an array stand on lines of their own.
    """
    return _places(text).line(table, key, within)


def line_with(text: str, string: str) -> int:
    """The number of the first line that holds this string in quotes; 0 if none does."""
    return _places(text).line_with(string)


class _Places:
    """Where the tables, keys and strings of a text stand. Each is looked for once, however many are asked for."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()
        self.headers: list[int] = []
        self.keys: dict[tuple[str, str], int] = {}
        self.tables: dict[str, int] = {}
        self._strings: dict[str, list[int]] | None = None
        here = ""
        for number, line in enumerate(self.lines, 1):
            if header := HEADER.match(line):
                here = re.sub(r"""["' ]""", "", header[1].strip())
                self.headers.append(number)
                self.tables.setdefault(here, number)
            elif key := KEY.match(line):
                self.keys.setdefault((here, key[1] or key[2] or key[3] or ""), number)

    def line(self, table: str, key: str, within: str) -> int:
        """What `find_line` answers."""
        places = (self.tables.get(f"{table}.{key}" if table else key), self.keys.get((table, key)))
        start = min(filter(None, places), default=0)
        if not start or not within:
            return start
        following = bisect.bisect_right(self.headers, start)
        end = self.headers[following] if following < len(self.headers) else len(self.lines) + 1
        number = self.line_with(within, start)
        return number if 0 < number < end else start

    def line_with(self, string: str, start: int = 1) -> int:
        """The first line from one on that holds a string in quotes; 0 if none does."""
        if self._strings is None:
            self._strings = self._numbered()  # known only when all are: other threads ask, too
        numbers = self._strings.get(string, [])
        place = bisect.bisect_left(numbers, start)
        return numbers[place] if place < len(numbers) else 0

    def _numbered(self) -> dict[str, list[int]]:
        strings: dict[str, list[int]] = {}
        for number, line in enumerate(self.lines, 1):
            for found in STRING.finditer(line):
                strings.setdefault(found[1] or found[2] or "", []).append(number)
        return strings


@functools.lru_cache(maxsize=8)
def _places(text: str) -> _Places:
    return _Places(text)
