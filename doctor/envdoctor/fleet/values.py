"""A fact as pairs of a place and a value, so that machines can be compared by each of them.

Records of a list stand under what names them, and words of a list each for itself: a machine that lacks one of them
differs in that one, and not in the whole list.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from envdoctor.report.differences import is_version, quiet, record_key, record_name, said
from envdoctor.text.pseudonyms import with_tilde
from envdoctor.text.visible import visible

LONGEST = 400
MOST_WORDS = 200
"""Members of a list that stand each for itself; a longer list is one value."""
IN_LIST = "listed"
SERIES = 2
"""Numbers of a version that say which series it is of."""
Pairs = dict[str, str]


def pairs(fact: str, value: object, home: str | None) -> Pairs:
    """What stands where in a fact. Times, process numbers and temporary names are left out."""
    found: Pairs = {}
    _place(fact, quiet(value), home, found)
    return found


def _place(place: str, value: Any, home: str | None, found: Pairs) -> None:  # noqa: ANN401 - what a report holds
    if isinstance(value, dict):
        for name, item in value.items():
            _place(f"{place}.{name}", item, home, found)
    elif is_version(value) and len(value) > SERIES:  # what fails on 3.12 fails on each 3.12.x
        found[place], found[f"{place}.series"] = text(value, home), text(value[:SERIES], home)
    elif isinstance(value, list) and 0 < len(value) <= MOST_WORDS:
        key = record_key((value,))
        if key:
            for item in value:
                _place(f"{place}[{text(record_name(item, key), home)}]", item, home, found)
        elif all(isinstance(item, str) for item in value):
            found |= {f"{place}[{text(item, home)}]": IN_LIST for item in value}
        else:
            found[place] = text(value, home)
    else:
        found[place] = text(value, home)


def text(value: Any, home: str | None) -> str:  # noqa: ANN401 - the same
    """A value in one line of bounded length, the home directory as `~`."""
    if isinstance(value, str):
        told = value or said(value)
    else:
        told = json.dumps(value) if isinstance(value, list) and value and not is_version(value) else said(value)
    told = visible(with_tilde(told))
    if home:
        told = "~" if told == home else told.replace(f"{home}/", "~/")
    if len(told) <= LONGEST:
        return told
    return f"{told[:LONGEST]}… {hashlib.sha256(told.encode()).hexdigest()[:8]}"
