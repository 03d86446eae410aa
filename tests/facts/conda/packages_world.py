"""A prefix of conda with packages in it."""

from __future__ import annotations

from pathlib import Path

PACKAGES = "lib/python3.12/site-packages"


def pip_installs(prefix: Path, name: str, version: str, installer: str = "pip") -> Path:
    directory = prefix / PACKAGES / f"{name}-{version}.dist-info"
    directory.mkdir(parents=True)
    (directory / "INSTALLER").write_text(f"{installer}\n")
    return directory
