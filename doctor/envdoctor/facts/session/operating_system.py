"""Which operating system is this? What a maintainer asks first, as its own files tell it."""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, probe
from envdoctor.system.files import Unreadable, read_head
from envdoctor.system.session import Session
from envdoctor.text.patterns import pattern

RELEASES = ("/etc/os-release", "/usr/lib/os-release")
PRETTY_NAME = pattern(r"(?m)^PRETTY_NAME=[\"']?([^\"'\n]{1,100})")
MAC = "/System/Library/CoreServices/SystemVersion.plist"
MAC_VERSION = pattern(r"<key>ProductVersion</key>\s*<string>([0-9.]{1,20})</string>")


class OperatingSystem(Fact, frozen=True):
    """The system as people call it.

    Attributes:
        name: `Debian GNU/Linux 12 (bookworm)`, `macOS 15.1`; the kernel's name where no file tells.
        kernel: the release of the kernel, `6.1.0-25-amd64`.
    """

    name: str
    kernel: str


@probe
def probe_operating_system(_session: Session) -> OperatingSystem:
    """Read the file that names the release."""
    system = os.uname()
    return OperatingSystem(release_name() or system.sysname, system.release)


def release_name(root: str = "") -> str | None:
    """What the system's own files call it; None if they do not tell."""
    for paths, expression, prefix in ((RELEASES, PRETTY_NAME, ""), ((MAC,), MAC_VERSION, "macOS ")):
        for path in paths:
            try:
                found = expression.search(read_head(root + path, 4_000).decode(errors="replace"))
            except Unreadable:
                continue
            if found:
                return f"{prefix}{found[1]}"
    return None
