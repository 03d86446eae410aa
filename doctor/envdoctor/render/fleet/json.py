"""A fleet as JSON, schema 1: what the text says, with the names of all machines."""

from __future__ import annotations

import msgspec

from envdoctor import __version__
from envdoctor.fleet.answer import Answer
from envdoctor.render.fleet import wording
from envdoctor.text.json_text import json_text


def render(answer: Answer) -> str:
    """The document. `examined` says whose sessions these reports are of."""
    content = msgspec.to_builtins(answer)
    content["sessions"] = [{"session": session, "machines": count} for session, count in answer.sessions]
    head = {"schema": 1, "tool": {"name": "envdoctor", "version": __version__}, "examined": wording.examined(answer)}
    return json_text(head | {"headline": wording.headline(answer)} | content)
