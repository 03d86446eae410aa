"""JSON as envdoctor writes it, wherever it does."""

from __future__ import annotations

import json

from envdoctor.text.workflow_commands import ANYWHERE


def json_text(value: object) -> str:
    """Indented ASCII with a final line end.

    File names may hold bytes that are no text in any encoding: escapes carry them safely. They also stand in what a
    CI service would take for a command.
    """
    return ANYWHERE.sub(r"\\u0023", json.dumps(value, indent=1)) + "\n"
