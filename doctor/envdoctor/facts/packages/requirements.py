"""What the metadata of a package requires: names, specifiers, and whether a marker holds for the Python examined."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import msgspec

from envdoctor.facts.python import metadata
from envdoctor.facts.python.distributions import Distribution, Sites, normalised
from envdoctor.system.files import Unreadable
from envdoctor.text import versions
from envdoctor.text.patterns import pattern

REQUIREMENT = pattern(
    r"\s*+([A-Za-z0-9][A-Za-z0-9._-]*+(?<=[A-Za-z0-9]))\s*+(?:\[([^\]]*+)\])?\s*+"
    r"(@\s*+\S.*+|\(([^()]*+)\)|[~=!<>][^;@]*+)?\s*+",
    re.DOTALL,
)
TOKEN = pattern(r"""\s*(?:('[^']*'|"[^"]*")|(not\s+in|in|and|or)\b|([a-z_][a-z_.]*)|([<>=!~]=?=?)|([()]))""")
LONGEST = 1_000
VERSION_VARIABLES = ("python_version", "python_full_version", "implementation_version")
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=", "~=", "===")


class Requirement(msgspec.Struct, frozen=True):
    """One requirement.

    Attributes:
        text: as it is written, without its marker.
        name: what it asks for, normalised.
        specifiers: the versions; empty if any will do.
        marker: when it counts; empty if always.
        legacy: whether pip no longer understands its specifiers, and uv does.
    """

    text: str
    name: str
    specifiers: str = ""
    marker: str = ""
    legacy: bool = False


def parse(line: str) -> Requirement | None:
    """What a line of `Requires-Dist` says; None if it is no requirement."""
    at_url = " @ " in line or "@" in line.partition(";")[0]
    text, _, marker = line.partition(" ;" if at_url and " ;" in line else ";")
    match = REQUIREMENT.fullmatch(text)
    if match is None:
        return None
    rest = match[3] or ""
    if rest.startswith("@"):
        return Requirement(text.strip(), normalised(match[1]), "", marker.strip())
    specifiers = (match[4] if match[4] is not None else rest).strip()
    clauses = [versions.CLAUSE.fullmatch(clause) for clause in specifiers.split(",") if clause.strip()]
    legacy = any(clause is not None and versions.is_legacy(clause[1], clause[2]) for clause in clauses)
    if None in clauses:
        return None
    return Requirement(text.strip(), normalised(match[1]), specifiers, marker.strip(), legacy)


def of_egg(text: str) -> Iterator[str]:
    """The requirements in a `requires.txt`, each with the marker of its section. Those of extras are left out."""
    marker = ""
    extra = False
    for line in map(str.strip, text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            name, _, marker = line[1:-1].partition(":")
            extra = bool(name.strip())
        elif line and not line.startswith("#") and not extra:
            yield f"{line} ; {marker}" if marker else line


def required(
    known: Sites,
    packages: Iterable[Distribution],
    names: Iterable[str],
    holds: Callable[[str], bool | None] = lambda marker: "extra" not in marker,
) -> set[str]:
    """Those of these names that packages require, under markers that hold."""
    wanted = set(names)
    found: set[str] = set()
    for package in packages:
        try:
            headers = known.headers(package)
        except Unreadable:
            continue
        lines = map(parse, metadata.fields(headers, b"Requires-Dist"))
        found |= {line.name for line in lines if line and line.name in wanted and holds(line.marker)}
    return found


class _Unusual(Exception):  # noqa: N818 - a marker that is asked about elsewhere
    """A marker that is not understood here."""


class Markers:
    """Whether markers hold for one Python, with no extra asked for. Each text is judged once.

    Args:
        values: the variables of markers.
        otherwise: judges what is not understood here; None from it means that the marker is malformed.
    """

    def __init__(self, values: dict[str, str], otherwise: Callable[[str], bool | None]) -> None:
        self._values = {**values, "extra": ""}
        self._otherwise = otherwise
        self._known: dict[str, bool | None] = {}

    def holds(self, marker: str) -> bool | None:
        """Whether a marker holds; None if it is malformed."""
        if not marker:
            return True
        if len(marker) > LONGEST:  # no marker is so long; what is may be nested without end
            return None
        if marker not in self._known:
            try:
                self._known[marker] = _Reader(marker, self._values).read()
            except _Unusual:
                self._known[marker] = self._otherwise(marker)
        return self._known[marker]


class _Reader:
    """Reads one marker, and evaluates it on the way."""

    def __init__(self, text: str, values: dict[str, str]) -> None:
        self._values = values
        self._tokens: list[str] = []
        end, text = 0, text.rstrip()
        while end < len(text):
            match = TOKEN.match(text, end)
            if match is None or match.end() == end:
                raise _Unusual
            self._tokens.append(match[0].strip())
            end = match.end()
        self._tokens.reverse()

    def read(self) -> bool:
        result = self._any()
        if self._tokens:
            raise _Unusual
        return result

    def _any(self) -> bool:
        result = self._all()
        while self._next_is("or"):
            result = self._all() or result
        return result

    def _all(self) -> bool:
        result = self._atom()
        while self._next_is("and"):
            result = self._atom() and result
        return result

    def _atom(self) -> bool:
        if self._next_is("("):
            result = self._any()
            if not self._next_is(")"):
                raise _Unusual
            return result
        return self._compare(self._pop(), self._pop(), self._pop())

    def _compare(self, left: str, operator: str, right: str) -> bool:
        if (left[0] in "'\"") == (right[0] in "'\""):
            raise _Unusual
        variable = right if left[0] in "'\"" else left
        value = self._values.get(variable)
        if value is None:
            raise _Unusual
        one, other = (value, right[1:-1]) if variable is left else (left[1:-1], value)
        if operator in ("in", "not in"):
            return (one in other) == (operator == "in")
        if operator not in COMPARISONS:
            raise _Unusual
        if variable in VERSION_VARIABLES:
            if variable is not left:
                raise _Unusual
            verdict = versions.admits(operator + other, one)
            if verdict is None:
                raise _Unusual
            return verdict
        if operator not in ("==", "!="):
            raise _Unusual
        return (one == other) == (operator == "==")

    def _pop(self) -> str:
        if not self._tokens:
            raise _Unusual
        return " ".join(self._tokens.pop().split()) if self._tokens[-1].startswith("not") else self._tokens.pop()

    def _next_is(self, token: str) -> bool:
        if self._tokens and self._tokens[-1] == token:
            self._tokens.pop()
            return True
        return False
