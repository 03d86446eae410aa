"""Commands as facts: tools that are on the search path."""

from __future__ import annotations

from envdoctor.facts.commands.commands import Commands, Hit
from envdoctor.facts.commands.resolve import HitKind


def hit(name: str, path: str) -> Hit:
    """A script or program that answers to a command."""
    return Hit(name, path, 0, path, HitKind.SCRIPT)


HERE = Commands((hit("uv", "/home/ann/.local/bin/uv"), hit("pip", "/home/ann/app/.venv/bin/pip")))
