"""The headers of a package's metadata, as bytes: what it is called, what it requires."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from envdoctor.system.files import Unreadable, open_regular
from envdoctor.system.unread import note
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

STEP = 8_192
"""Bytes. The largest headers that have been seen take 60 kB: hundreds of requirements, a license of many lines."""
END = pattern(rb"\r?\n\r?\n")
FOLDED = pattern(rb"\r?\n[ \t]+")


def read_headers(path: str) -> bytes:
    """The headers of a metadata file: all before the first blank line. Raises Unreadable; a huge one is noted."""
    content = b""
    with open_regular(path) as descriptor:
        while piece := os.read(descriptor, STEP):
            content += piece
            if end := END.search(content, max(0, len(content) - len(piece) - 3)):
                return content[: end.start()]
            if len(content) > limits.PACKAGE_FILE:
                note(path, f"headers of more than {limits.PACKAGE_FILE:,} bytes")
                raise Unreadable(path, f"headers of more than {limits.PACKAGE_FILE:,} bytes")
    return content


def field(headers: bytes, name: bytes) -> str | None:
    """The first value of a field; None if there is none."""
    return next(fields(headers, name), None)


def fields(headers: bytes, name: bytes) -> Iterator[str]:
    """The values of a field, continuation lines joined. Names of fields are the same in capitals."""
    for match in _field(name).finditer(headers):
        yield FOLDED.sub(b" ", match[1]).decode("utf-8", "replace").strip()


_patterns: dict[bytes, re.Pattern[bytes]] = {}


def _field(name: bytes) -> re.Pattern[bytes]:
    if name not in _patterns:
        _patterns[name] = re.compile(rb"(?im)^" + name + rb":[ \t]*([^\r\n]*(?:\r?\n[ \t]+[^\r\n]*)*)")
    return _patterns[name]
