"""Where in a text that somebody saved or pasted is the report?

It may be JSON as envdoctor prints it, what `envdoctor report` prints after a journey through trackers, mail and
browsers, or the answer of a tracker's API, in which that is one of many strings.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Any

from envdoctor.report import block, strict_json
from envdoctor.text.plain import plain
from envdoctor.text.visible import visible

EXPECTED = "expected what `envdoctor report` or `envdoctor --format json` prints"
BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
LONGEST = 60
"""Characters of a wrong line that are quoted."""


class NoRecording(ValueError):  # noqa: N818 - the user's file is wrong, not the program
    """A text without a report that can be read. The message says what was expected, and what is wrong."""


def document(content: bytes) -> dict[str, Any]:
    """The report in a text. Raises NoRecording."""
    encoding = next((name for mark, name in BYTE_ORDER_MARKS if content.startswith(mark)), None)
    if encoding:  # also as PowerShell redirects it
        content = content.decode(encoding, "replace").encode("utf-8", "surrogatepass")
    start = content.lstrip()[:1]
    if start in (b"{", b"[", b'"'):
        try:
            return _in_json(strict_json.loads(content))
        except strict_json.Unsound as error:
            raise NoRecording(str(error)) from error
        except NoRecording:
            raise
        except ValueError as error:
            if block.NAME.encode() not in content:
                raise NoRecording(f"not JSON: {error}; {EXPECTED}") from error
    text = content.decode("utf-8", "replace")
    found = _in_text(text)
    if found is None:
        raise NoRecording(_not_a_report(text))
    return found


def _in_json(value: object) -> dict[str, Any]:
    """The report that a JSON document is, or that stands in one of its strings."""
    if _is_report(value):
        assert isinstance(value, dict)  # noqa: S101 - it is a report
        return value
    held = {text for text in _strings(value) if block.NAME in text or '"facts"' in text}
    for text in sorted(held):
        if text.lstrip().startswith("{"):
            try:
                inner = strict_json.loads(text.encode("utf-8", "surrogatepass"))
            except ValueError:
                continue
            if _is_report(inner):
                assert isinstance(inner, dict)  # noqa: S101 - it is a report
                return inner
    found = _in_text("\n".join(sorted(held)))
    if found is None:
        raise NoRecording(f"not a report of envdoctor, but other JSON; {EXPECTED}")
    return found


def _in_text(text: str) -> dict[str, Any] | None:
    """The one report that is packed in a text; None if there is none."""
    try:
        contents = block.contents(text)
    except block.Damaged as error:
        raise NoRecording(str(error)) from error
    if len(contents) > 1:
        raise NoRecording(f"{len(contents)} different recordings are in it: keep the one that is meant")
    for content in contents:
        try:
            found = strict_json.loads(content)
        except ValueError as error:
            raise NoRecording(f"the recording in it: {error}") from error
        if not _is_report(found):
            raise NoRecording(f"what is packed in it is not a report of envdoctor; {EXPECTED}")
        assert isinstance(found, dict)  # noqa: S101 - it is a report
        return found
    return None


def _is_report(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("facts"), dict) and "schema" in value


def _strings(value: object) -> Iterator[str]:
    """All strings of a JSON document that can hold a report."""
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            pending += one.values()
        elif isinstance(one, list):
            pending += one


def _not_a_report(text: str) -> str:
    lines = ((number, line.strip()) for number, line in enumerate(text.split("\n"), 1))
    number, line = next(((number, line) for number, line in lines if line), (0, ""))
    if not line:
        return f"it is empty; {EXPECTED}"
    quoted = plain(visible(line[: LONGEST * 2]))
    return f"line {number}: not a report of envdoctor: {quoted[:LONGEST]}; {EXPECTED}"
