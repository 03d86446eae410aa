"""Projects on the disk."""

from __future__ import annotations

from pathlib import Path

PROJECT = '[project]\nname = "x"\nversion = "0"\n'


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path
