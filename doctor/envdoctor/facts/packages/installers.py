"""What installed a package, and whose business it is to change it."""

from __future__ import annotations

from envdoctor.facts.packages.targets import Target
from envdoctor.system.files import Unreadable, read_head

INSTALLERS = ("pip", "uv", "poetry", "pdm", "installer")
"""What installers call themselves that go by RECORD. conda and the system's have lists of their own."""


def is_systems(target: Target, record: str) -> bool:
    """Whether a package came with the system, whose maintainers split packages and name what they need elsewhere."""
    if target.owns(record) and target.is_environment:
        return False
    return "/dist-packages/" in record and installer_of(record) not in ("pip", "uv")


def installer_of(record: str) -> str | None:
    """What a record says of its installer: `pip`, `uv`, `conda`; None if it says nothing."""
    try:
        return read_head(f"{record}/INSTALLER", 100).decode(errors="replace").strip() or None
    except Unreadable:
        return None


def goes_by_record(installer: str | None) -> bool:
    """Whether this installer, or one that does not say its name, has no list of files but that in the record."""
    return installer is None or installer.lower().startswith(INSTALLERS)
