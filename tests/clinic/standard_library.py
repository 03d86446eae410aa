"""The standard library of a Python that a test makes: the modules of the real one by link."""

from __future__ import annotations

from pathlib import Path

OWN = ("site-packages", "dist-packages", "EXTERNALLY-MANAGED", "__pycache__")
"""What every Python has for itself."""


def link_library(real: Path, place: Path) -> None:
    """Fill `lib/python3.x` with links to what another Python has there, and to what it has compiled.

    envdoctor asks interpreters with `-B`: they would compile the standard library for each question. Python never
    writes through such a link, it puts a new file in its place.
    """
    (place / "__pycache__").mkdir(parents=True, exist_ok=True)
    for entry in real.iterdir():
        if entry.name not in OWN:
            link(place / entry.name, entry)
    for compiled in (real / "__pycache__").glob("*[0-9].pyc"):  # without those of `-O`
        link(place / "__pycache__" / compiled.name, compiled)


def link(place: Path, target: Path) -> None:
    """Make a link, in the place of what is there."""
    place.unlink(missing_ok=True)
    place.symlink_to(target)
