"""What keeps pixi from reading its lock? In the words of rattler, the library that reads it."""

from __future__ import annotations

import re

from envdoctor.facts.dependencies import conflicts
from envdoctor.system.files import Unreadable, read_text
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

# what py-rattler 0.28 reads; what a later pixi reads, nobody knows yet
NEWEST = 7
VERSION = pattern(r"^version:[ \t]*+(\S*+(?:[ \t]++\S++)*+)[ \t]*+$", re.MULTILINE)
NUMBER = pattern(r"0*+[1-9][0-9]*+")  # what is a digit elsewhere is none to rattler, and Python reads 4,300 of them
LONGEST = 9
Fault = tuple[int, str]


def fault(path: str) -> Fault | None:
    """The line, and what is wrong; None if nothing is, or this user may not read it. So long a file is not parsed."""
    try:
        text = read_text(path, limits.LOCK)
    except Unreadable:
        return None
    if mark := conflicts.first_mark(text):
        return mark
    if (found := VERSION.search(text)) is None:
        return 1, "missing `version` field in lock file"
    if not NUMBER.fullmatch(found[1]):
        return text.count("\n", 0, found.start()) + 1, "`version` field in lock file is not an integer"
    return None


def newer(path: str) -> str | None:
    """What rattler says of a format that is newer than it knows; None if it is not."""
    try:
        found = VERSION.search(read_text(path, limits.LOCK))
    except Unreadable:
        return None
    version = found[1] if found else ""
    if not NUMBER.fullmatch(version) or len(version) > LONGEST or int(version) <= NEWEST:
        return None
    return f"found newer lockfile format version {version}, but only up to including version {NEWEST} is supported"
