"""The headers of a package's metadata, as bytes: what it is called, what it requires."""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.system.files import Unreadable, open_regular
from envdoctor.system.unread import note
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

STEP = 8_192
"""Bytes. The largest headers that have been seen take 60 kB: hundreds of requirements, a license of many lines."""
VALUE = pattern(rb"[ \t]*([^\r\n]*(?:\r?\n[ \t]+[^\r\n]*)*)")
FOLDED = pattern(rb"\r?\n[ \t]+")


def read_headers(path: str) -> bytes:
    """The headers of a metadata file: all before the first blank line. Raises Unreadable; a huge one is noted."""
    content = b""
    with open_regular(path) as descriptor:
        while piece := os.read(descriptor, STEP):
            content += piece
            end = _blank_line(content, max(0, len(content) - len(piece) - 2))
            if end >= 0:
                return content[:end].removesuffix(b"\r")
            if len(content) > limits.PACKAGE_FILE:
                note(path, f"headers of more than {limits.PACKAGE_FILE:,} bytes")
                raise Unreadable(path, f"headers of more than {limits.PACKAGE_FILE:,} bytes")
    return content


def _blank_line(content: bytes, start: int) -> int:
    """Where the line before the first blank line ends; -1 if there is none."""
    end = content.find(b"\n\n", start)
    other = content.find(b"\n\r\n", start, end if end >= 0 else len(content))
    return end if other < 0 else other


def field(headers: bytes, name: bytes) -> str | None:
    """The first value of a field; None if there is none."""
    return next(fields(headers, name), None)


def fields(headers: bytes, name: bytes) -> Iterator[str]:
    """The values of a field, continuation lines joined. Names of fields are the same in capitals."""
    lines, wanted = b"\n" + headers.lower(), b"\n" + name.lower() + b":"
    found = lines.find(wanted)
    while found >= 0:
        start = found + len(wanted) - 1  # in the headers, which lack the first line end
        if value := VALUE.match(headers, start):
            yield FOLDED.sub(b" ", value[1]).decode("utf-8", "replace").strip()
        found = lines.find(wanted, start)
