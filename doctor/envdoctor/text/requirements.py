"""What does a requirement ask for? Plain ones are read here; `packaging` is asked about all else.

Nearly every requirement of a project is a name with plain specifiers, and to import `packaging` takes a tenth of a run.
"""

from __future__ import annotations

import msgspec

from envdoctor.text import limits, pep440, versions
from envdoctor.text.patterns import pattern

PLAIN = pattern(
    r"[ \t]*+([A-Za-z0-9](?:[A-Za-z0-9._-]*+(?<=[A-Za-z0-9]))?)[ \t]*+"
    r"(?:\[[ \t]*+([A-Za-z0-9]++(?:[_-][A-Za-z0-9]++)*+)[ \t]*+\][ \t]*+)?([~=!<>][^;@()\n\r]*+)?"
)


class Requirement(msgspec.Struct, frozen=True):
    """A requirement of any form.

    Attributes:
        name: what it asks for, as it is written.
        extras: in their order.
        specifiers: the versions; empty if any will do.
        marker: when it counts; empty if always.
        url: where to get it, which decides the version; empty if it does not say.
    """

    name: str
    extras: tuple[str, ...] = ()
    specifiers: str = ""
    marker: str = ""
    url: str = ""


def read(text: str) -> Requirement | None:
    """What a requirement says; None if it is none."""
    if plain := read_plain(text):
        return plain
    parsed = pep440.requirement(text)
    if parsed is None:
        return None
    marker = str(parsed.marker or "")
    return Requirement(parsed.name, tuple(sorted(parsed.extras)), str(parsed.specifier), marker, parsed.url or "")


def read_plain(text: str) -> Requirement | None:
    """What a requirement says that has a name, at most one extra, and plain specifiers; None of every other."""
    match = PLAIN.fullmatch(text) if len(text) <= limits.REQUIREMENT else None
    if match is None or (match[3] and not versions.are_plain(match[3])):
        return None
    return Requirement(match[1], (match[2],) if match[2] else (), versions.written(match[3] or ""))
