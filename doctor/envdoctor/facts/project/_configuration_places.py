"""Where a setting stands in a configuration, and what is wrong with one, in words that say what is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from envdoctor.engine.selection import nearest
from envdoctor.system.toml import Document, Table, find_line, strings
from envdoctor.text.patterns import pattern

UNKNOWN = pattern(r"Object contains unknown field `([^`]*)`(?: - at `\$([^`]*)`)?")
AT = pattern(r"((?:[^-]|-(?! at `\$))*+)- at `\$([^`]*)`")
KEYS = pattern(r"\.([\w-]+)(?:\[([0-9]+)\])?")
EXPECTED = pattern(r"Expected `([\w |]+)`, got `\w+`")
MISSING = pattern(r"Object missing required field `(.*)`")
CHOICE = pattern(r"Invalid enum value ('.*')")
NESTED = "expect"
KINDS = {"array": "a list", "str": "a text", "bool": "true or false", "float": "a number", "object": "a table"}
PLAIN = {
    "Invalid RFC3339 encoded date": "a date is written like 2027-03-01",
    "Expected `str` of length >= 1": "a text is expected that is not empty",
    "Expected `float` > 0.0": "a number above 0 is expected",
    "Expected `float` <= 600.0": "a number up to 600 is expected",
    "Expected `str` of length <= 1000": "a text of up to 1000 characters is expected",
    "Expected `array` of length <= 100": "a list of up to 100 is expected",
}


class Places(msgspec.Struct, frozen=True):
    """Where the settings of a file stand.

    Attributes:
        document: the file.
        table: the name of their table; empty if the whole file is theirs.
    """

    document: Document
    table: str

    def origins(self, settings: Table) -> Iterator[tuple[str, str]]:
        """`file:line` of each setting that the file names.

        The tables of an array are called `suppress[0]`; what is expected `expect.python`, `expect.commands.git`.
        """
        for name, value in settings.items():
            if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
                yield from ((f"{name}[{number}]", self._of(name, number)) for number in range(len(value)))
            else:
                yield name, self._of(name)
            if name == NESTED and isinstance(value, dict):
                yield from self._nested(value)

    def _nested(self, expected: Table) -> Iterator[tuple[str, str]]:
        """Where each expectation stands, and each of several, which may have lines of their own."""
        within = f"{self.table}.{NESTED}".lstrip(".")
        for name, value in expected.items():
            line = find_line(self.document.text, within, name)
            if not line:
                continue
            yield f"{NESTED}.{name}", f"{self.document.path}:{line}"
            inside = f"{within}.{name}"
            for key in value if isinstance(value, dict) else strings(value):
                own = find_line(self.document.text, inside, key) or find_line(self.document.text, within, name, key)
                yield f"{NESTED}.{name}.{key}", f"{self.document.path}:{own or line}"

    def explained(self, said: str, names: Mapping[str, Sequence[str]]) -> str:
        """An error of the conversion as `file:line: reason`.

        `names` are the settings of each table by its name, `""` for the first one.
        """
        if unknown := UNKNOWN.fullmatch(said):
            name, within = unknown[1], unknown[2] or ""
            known = names.get(within.lstrip(".").partition("[")[0], names[""])
            near = nearest(name, known)
            hint = f"did you mean `{near}`?" if near else f"there are {', '.join(known)}"
            return f"{self._at(within, name)}: `{name}` is no setting of envdoctor; {hint}"
        told = AT.fullmatch(said)
        reason, within = (told[1].rstrip(), told[2]) if told else (said, "")
        if expected := EXPECTED.fullmatch(reason):
            kinds = [KINDS.get(kind, kind) for kind in expected[1].split(" | ") if kind != "null"]
            reason = f"{' or '.join(kinds)} is expected"
        elif missing := MISSING.fullmatch(reason):
            reason = f"`{missing[1]}` is required"
        elif choice := CHOICE.fullmatch(reason):
            reason = f"{choice[1]} is none of the words that may stand there"
        return f"{self._at(within)}: {within.lstrip('.') or 'the table'}: {PLAIN.get(reason, reason)}"

    def _at(self, path: str, name: str = "") -> str:
        """Where something stands that is told as a path such as `.suppress[1].until`."""
        keys = KEYS.findall(path)
        if not keys:
            return self._of(name)
        (first, number), *more = keys
        if first == NESTED and (more or name):
            inside, key = f"{self.table}.{NESTED}".lstrip("."), more[0][0] if more else name
            line = find_line(self.document.text, inside, key)
            return f"{self.document.path}:{line}" if line else self._of(first)
        return self._of(first, int(number) if number else None, more[0][0] if more else name)

    def _of(self, name: str, number: int | None = None, key: str = "") -> str:
        """`file:line` of a setting, or of a key in one of several tables of its name; the file if unsure."""
        plain = self.document.origin(self.table, name) if name else self.document.path
        if number is None:
            return plain
        header = f"[[{self.table}.{name}]]" if self.table else f"[[{name}]]"
        lines = self.document.text.splitlines()
        starts = [index for index, line in enumerate(lines) if line.replace(" ", "").startswith(header)]
        if number >= len(starts):
            return plain
        found = starts[number]
        for index, line in enumerate(lines[found + 1 :], found + 1):
            if line.lstrip().startswith("["):
                break
            if key and line.partition("=")[0].strip().strip("\"'") == key:
                found = index
                break
        return f"{self.document.path}:{found + 1}"
