"""Golden files of what is rendered."""

from __future__ import annotations

import re
from pathlib import Path

GOLDEN = Path(__file__).parents[1] / "golden"


def golden(name: str, document: str, rewrite: bool) -> None:
    """Compare with the file of this name, or write it; where this checkout lies must not show."""
    file = GOLDEN / name
    document = re.sub(r"\(/[^)]*samples\.py:\d+\)", "(samples.py:1)", document)
    if rewrite:
        file.parent.mkdir(exist_ok=True)
        file.write_text(document, encoding="utf-8")
    assert document == file.read_text(encoding="utf-8")
