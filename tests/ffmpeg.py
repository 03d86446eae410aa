"""Stand-ins for FFmpeg's libraries, of releases that this machine does not have."""

from __future__ import annotations

import functools

from envdoctor.facts.libraries.ffmpeg import MAJOR
from envdoctor.facts.loader.host import read_host

CODEC = "libencoder-of-tests.so.1"
"""A library that FFmpeg needs, and that no system has."""


def sonames(major: int) -> dict[str, str]:
    """The libraries of a release, by their short names: `avutil`, `avcodec`, `avformat`."""
    return {name: f"lib{name}.so.{number}" for (name, number), release in MAJOR.items() if release == major}


@functools.cache
def absent_releases() -> tuple[int, int]:
    """The two newest releases of which the system has no library, the older one first."""
    present = read_host().cache
    newest, older = [major for major in range(8, 3, -1) if not present.keys() & sonames(major).values()][:2]
    return older, newest
