"""JSON from a file that somebody else wrote: bounded in size, number of objects, depth and the range of numbers."""

from __future__ import annotations

import json
import math
from typing import Any

from envdoctor.text import limits

Place = tuple[Any, str]
"""The place that something stands in, and its key or number there. The outermost stands in none."""


class Unsound(ValueError):  # noqa: N818 - the user's file is wrong, not the program
    """A document that is not taken. The message names the place in it."""


def loads(content: bytes) -> Any:  # noqa: ANN401 - whatever the document holds
    """What a document holds. Raises Unsound, or ValueError where it is no JSON."""
    # an empty object takes three bytes in the file and seventy in memory: they are counted before any is made
    if content.count(b"{") + content.count(b"[") > limits.RECORDED_OBJECTS:
        raise Unsound(f"it holds more than {limits.RECORDED_OBJECTS:,} objects")
    try:
        document = json.loads(content)
    except RecursionError as error:
        raise Unsound(f"it is nested more than {limits.RECORDED_LEVELS} levels deep") from error
    examine(document)
    return document


def examine(document: object) -> None:
    """Refuse what no report holds and what nothing behind it expects. Raises Unsound."""
    pending: list[tuple[object, Any, int]] = [(document, None, 0)]
    while pending:
        value, place, depth = pending.pop()
        if depth > limits.RECORDED_LEVELS:
            raise Unsound(f"it is nested more than {limits.RECORDED_LEVELS} levels deep at {_spelled(place)}")
        if isinstance(value, dict):
            for key in value:
                _examine_text(key, place)
            pending += [(item, (place, f".{key}"), depth + 1) for key, item in value.items()]
        elif isinstance(value, list):
            pending += [(item, (place, f"[{number}]"), depth + 1) for number, item in enumerate(value)]
        elif isinstance(value, str):
            _examine_text(value, place)
        elif isinstance(value, int | float) and not _is_usual(value):
            raise Unsound(f"a number is out of range at {_spelled(place)}")


def _examine_text(text: str, place: Place | None) -> None:
    """Half a character is taken only where it stands for a byte of a file name, as `surrogateescape` has it."""
    if text.isascii():  # nearly every text
        return
    if any("\ud800" <= character <= "\udfff" and not "\udc80" <= character <= "\udcff" for character in text):
        raise Unsound(f"half a character, a lone surrogate, stands at {_spelled(place)}")


def _is_usual(number: float) -> bool:
    return abs(number) < 2**63 if isinstance(number, int) else math.isfinite(number)


def _spelled(place: Any) -> str:  # noqa: ANN401 - a Place or None; mypy knows no recursive alias of this kind
    """`$.facts.Ground.wet`."""
    steps: list[str] = []
    while place is not None:
        place, step = place
        steps.append(step)
    shown = "".join(reversed(steps)).encode("utf-8", "backslashreplace").decode()
    return f"${shown}" if len(shown) <= 200 else f"${shown[:200]}…"
