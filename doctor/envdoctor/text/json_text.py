"""JSON as envdoctor writes it, wherever it does."""

from __future__ import annotations

import json

import msgspec

from envdoctor.text.workflow_commands import ANYWHERE


def json_text(value: object) -> str:
    """Indented ASCII with a final line end.

    File names may hold bytes that are no text in any encoding: escapes carry them safely. They also stand in what a
    CI service would take for a command.
    """
    return ANYWHERE.sub(r"\\u0023", _indented(value)) + "\n"


def _indented(value: object) -> str:
    """What `json.dumps` writes with an indent, which it does by itself only slowly."""
    try:
        return msgspec.json.format(json.dumps(value), indent=1)
    except msgspec.DecodeError:  # such bytes, or what is no number, which it does not take for JSON
        return json.dumps(value, indent=1)
