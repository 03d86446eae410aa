"""How do facts survive in a file? Each under its type's name; a replay turns them back and judges again."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from envdoctor._version import __version__
from envdoctor.engine.fact import Known, Missing, MissingKind
from envdoctor.engine.reference import Facts, FactType, imported
from envdoctor.report.report import Recorded, Report
from envdoctor.system.files import Unreadable, read_bytes
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

SCHEMA = 1
"""The number of the newest schema. Those of all numbers up to it are read."""
STDIN = "-"
TOO_LARGE = "left out of the report, in which it had no room"
ADDRESS = pattern(r"(?i)https?://")
# What version 0.1 called a fact, and the fields in it, whose recordings must still replay.
OLD_NAMES = {"Builders": "Workshop", "DeclaredRequirements": "Demands", "ExtraRequirements": "ExtraDemands"}
OLD_FIELDS = {
    "VenvConditions": {
        "ailment": "defect",
        "astray": "mismatched",
        "astray_count": "mismatched_count",
        "astray_root": "mismatched_root",
        "kept_by": "managed_by",
    },
    "DeclaredRequirements": {"demands": "requirements"},
    "ExtraRequirements": {"demands": "requirements"},
}
# Facts of later versions from which only fixes are made: where a recording has none, they do not exist.
ONLY_FOR_FIXES = frozenset({"ExportedLines"})


class BadRecording(Exception):  # noqa: N818 - the user's file is wrong, not the program
    """A file that is not a report of envdoctor, or not one that this version reads. The message names the file."""


def to_document(known: Facts) -> tuple[dict[str, Any], dict[str, Any]]:
    """The facts, and the reasons of those that are missing, both by type name in alphabetical order."""
    by_name = sorted(((kind.__name__, value) for kind, value in known.items()), key=lambda item: item[0])
    facts = {name: msgspec.to_builtins(value) for name, value in by_name if not isinstance(value, Missing)}
    missing = {name: msgspec.to_builtins(value) for name, value in by_name if isinstance(value, Missing)}
    return facts, missing


def packed(report: Report, leave_out: Iterable[str] = ()) -> str:
    """All that a replay of a report needs, as a block of text that can be pasted, but for some facts."""
    facts, missing = to_document(report.known)
    for name in leave_out:
        del facts[name]
        missing[name] = msgspec.to_builtins(Missing(MissingKind.UNRECORDED, TOO_LARGE))
    tool = {"name": "envdoctor", "version": __version__}
    redactions = [msgspec.to_builtins(redaction) for redaction in report.redactions]
    document = {
        "schema": SCHEMA,
        "tool": tool,
        "created": report.created,
        "recorded": msgspec.to_builtins(report.recorded),
        "shared": report.shared,
        "facts": facts,
        "missing": missing,
        "redactions": redactions,
    }
    from envdoctor.report import block  # what it stands on, the session's library path may take away

    return block.written(document)


def packed_within(report: Report, size: int) -> tuple[str, tuple[str, ...]]:
    """The same in so many characters, and the names of the largest facts, which are left out where it does not fit."""
    block = packed(report)
    if len(block) <= size:
        return block, ()
    facts, _ = to_document(report.known)
    import zlib  # the session's library path may take its library away

    sizes = {name: len(zlib.compress(msgspec.json.encode(_as_text(fact)))) for name, fact in facts.items()}
    largest = sorted(sizes, key=lambda name: (-sizes[name], name))
    for count in range(1, len(largest) + 1):
        if len(block := packed(report, largest[:count])) <= size:
            return block, tuple(largest[:count])
    return packed(report, largest), tuple(largest)


def _as_text(fact: object) -> str:
    return json.dumps(fact)


def read(path: str) -> dict[str, Any]:
    """The report in a file: JSON, or what became of it on its way. `-` is the standard input. Raises BadRecording."""
    if ADDRESS.match(path):
        raise BadRecording("nothing is fetched: save the page, or the text of the report, and name that file")
    if path == STDIN:
        content = sys.stdin.buffer.read(limits.RECORDING + 1) if sys.stdin else b""
        if len(content) > limits.RECORDING:
            raise BadRecording(f"{path}: larger than {limits.RECORDING:,} bytes")
        return parse(content, "what was pasted")
    try:
        content = read_bytes(path, limits.RECORDING)
    except Unreadable as error:
        raise BadRecording(str(error)) from error
    return parse(content, path)


def parse(content: bytes, origin: str) -> dict[str, Any]:
    """The report in a text that was saved, pasted or answered by a tracker. Raises BadRecording."""
    from envdoctor.report import pasted

    try:
        document = pasted.document(content)
    except pasted.NoRecording as error:
        raise BadRecording(f"{origin}: {error}") from error
    schema = document.get("schema")
    if type(schema) is not int or not 1 <= schema <= SCHEMA:
        newer = ": update it" if isinstance(schema, int) and schema > SCHEMA else ""
        raise BadRecording(f"{origin}: schema {str(schema)[:20]}; this envdoctor reads up to schema {SCHEMA}{newer}")
    if not isinstance(document.get("missing", {}), dict):
        raise BadRecording(f"{origin}: missing: Expected `object`")
    return document


def source_of(document: Mapping[str, Any], path: str) -> Recorded:
    """Where and when the facts of a report were recorded: those of a replay are as old as what was replayed."""
    first = document.get("recorded")
    if isinstance(first, dict):
        created, version = first.get("created"), first.get("version")
    else:
        tool = document.get("tool")
        created, version = document.get("created"), tool.get("version") if isinstance(tool, dict) else None
    return Recorded(path, _word(created), _word(version))


def _word(value: object) -> str:
    """A time or a version, which are short; what else stands there is not repeated."""
    return value if isinstance(value, str) and 0 < len(value) <= 40 else "unknown"


def from_document(document: Mapping[str, Any], kinds: Iterable[FactType], origin: str) -> Facts:
    """These facts in a report. Raises BadRecording, naming the place in the file."""
    missing = document.get("missing", {})
    return Facts({kind: _fact(document["facts"], missing, kind, origin) for kind in kinds})


def _fact(facts: Mapping[str, Any], missing: Mapping[str, Any], kind: FactType, origin: str) -> Known:
    name = kind.__name__
    if name not in facts and name not in missing:
        name = OLD_NAMES.get(name, name)
    try:
        if name in facts:
            return msgspec.convert(_renamed(facts[name], OLD_FIELDS.get(kind.__name__, {})), imported(kind))
        if name in missing:
            return msgspec.convert(missing[name], Missing)
    except msgspec.ValidationError as error:
        raise BadRecording(f"{origin}: facts.{name}: {error}") from error
    kind_of_gap = MissingKind.UNAVAILABLE if name in ONLY_FOR_FIXES else MissingKind.UNRECORDED
    return Missing(kind_of_gap, f"the recording holds no {kind.__name__}")


def _renamed(value: object, fields: Mapping[str, str]) -> object:
    """A recorded value, its old fields under the names of today."""
    if not fields:
        return value
    if isinstance(value, list):
        return [_renamed(item, fields) for item in value]
    if isinstance(value, dict):
        return {fields.get(name, name): _renamed(item, fields) for name, item in value.items()}
    return value
