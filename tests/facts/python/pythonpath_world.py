"""Packages on the disk."""

from __future__ import annotations

from pathlib import Path


def install(directory: Path, **packages: str) -> Path:
    for name, version in packages.items():
        record = directory / f"{name}-{version}.dist-info"
        record.mkdir(parents=True)
        (record / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n")
    return directory
