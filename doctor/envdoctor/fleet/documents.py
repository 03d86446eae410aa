"""A report as the fleet reads it: its findings as they stand, each fact as the bytes that it was written in.

Most facts of a fleet are the same on most machines: a fact whose bytes were met before is not looked into again.
"""

from __future__ import annotations

import json
from contextlib import suppress

import msgspec

from envdoctor.report import recording
from envdoctor.report.recording import BadRecording
from envdoctor.text import limits

UNJUDGED = "it holds facts and no results: print it with `envdoctor replay FILE --format json`"


class WrittenFinding(msgspec.Struct, frozen=True):
    """One finding of a result."""

    message: str
    severity: str


class WrittenResult(msgspec.Struct, frozen=True):
    """How one check ended."""

    code: str
    slug: str
    outcome: str
    findings: tuple[WrittenFinding, ...] = ()


class WrittenTool(msgspec.Struct, frozen=True):
    """The envdoctor that wrote the report."""

    version: str = "unknown"


class WrittenSession(msgspec.Struct, frozen=True):
    """Which session was examined."""

    shell: str | None = None
    login: bool | None = None
    interactive: bool | None = None
    home: str | None = None
    occasion: str = "session"


class WrittenGap(msgspec.Struct, frozen=True):
    """Why a fact is not there."""

    kind: str = ""
    reason: str = ""


NO_GAPS = msgspec.Raw(b"{}")


class Written(msgspec.Struct, frozen=True):
    """A report.

    Attributes:
        schema: the number of its form.
        results: how each check ended.
        facts: each fact as it is written.
        missing: why the others are not there, as it is written.
        created: when the machine was examined.
        tool: by which version.
        shared: whether what is personal is masked.
        session: the session that was examined.
        machine: what the collector calls the machine, where many reports stand in one file.
    """

    schema: int
    results: tuple[WrittenResult, ...]
    facts: dict[str, msgspec.Raw]
    missing: msgspec.Raw = NO_GAPS
    created: str = "unknown"
    tool: WrittenTool = WrittenTool()
    shared: bool = False
    session: WrittenSession | None = None
    machine: str | None = None


gaps = msgspec.json.Decoder(dict[str, WrittenGap])
"""Reads why facts are not there."""
_decoder = msgspec.json.Decoder(Written)


def report_in(content: bytes) -> bytes:
    """What is printed as a report, without the lines that start-up files of a shell print before and after it."""
    begins = 0 if content.startswith(b"{") else content.find(b"\n{") + 1
    last = content.rfind(b"\n}\n")
    ends = len(content) if last < begins else last + 3
    return content[begins:ends] if content.startswith(b"{", begins) else content


def read(content: bytes, origin: str) -> Written:
    """The report in what stands in a file or a line. Raises BadRecording, which names the place."""
    if len(content) <= limits.RECORDED_OBJECTS or content.count(b"{") + content.count(b"[") <= limits.RECORDED_OBJECTS:
        try:
            written = _decoder.decode(content)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            pass  # it may be a paste, a page, another encoding; else that reader says what is wrong
        else:
            if 1 <= written.schema <= recording.SCHEMA:
                return written
    if content != (within := report_in(content)):
        with suppress(BadRecording):
            return read(within, origin)
    document = recording.parse(content, origin)
    if "results" not in document:
        raise BadRecording(f"{origin}: {UNJUDGED}")
    text = json.dumps(document, ensure_ascii=False)
    try:
        return _decoder.decode(text.encode("utf-8", "replace"))
    except msgspec.DecodeError as error:
        raise BadRecording(f"{origin}: {error}") from error
