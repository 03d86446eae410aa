"""A recording as a block of text that survives being pasted: base64, with its length and its checksum.

Trackers, mail and browsers quote, indent, escape, wrap and join what is pasted. Letters, digits, `+` and `/` come
through all of it; the reader takes these alone, and the checksum tells whether nothing else has become one of them.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from envdoctor.text import limits
from envdoctor.text.patterns import pattern

VERSION = 1
NAME = "envdoctor-recording"
END = f"end-of-{NAME}"
COLUMNS = 76

HEADER = pattern(
    rf"(?<!end-of-){NAME}\s++(?P<version>[0-9]{{1,4}}+)\s++(?P<length>[0-9]{{1,9}}+)\s++(?P<sum>[0-9a-f]{{12}})"
)
NOT_THE_ALPHABET = pattern(r"[^A-Za-z0-9+/]+")
INVISIBLE = pattern("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")
DASHES = pattern("[\u2010-\u2015\u2212\ufe63\uff0d]|&#45;|--(?=of-|envdoctor|recording)")
TAG = pattern(r"<[^<>]*+>")


class Damaged(ValueError):  # noqa: N818 - the user's paste is wrong, not the program
    """A block that is not whole. The message says what is missing."""


class Block(msgspec.Struct, frozen=True):
    """A block as it was found.

    Attributes:
        length: how many letters it says that it has.
        checksum: the beginning of their SHA-256, in hexadecimal digits.
        letters: those that were found.
        ended: whether its end was found too.
    """

    length: int
    checksum: str
    letters: str
    ended: bool

    @property
    def content(self) -> bytes:
        """What was recorded. Raises Damaged."""
        letters = self.letters[: self.length]
        if len(letters) < self.length:
            cut = f"{len(letters):,} of {self.length:,} characters"
            raise Damaged(f"the recording is damaged: {cut} are left" if self.ended else f"cut off after {cut}")
        if _checksum(letters) != self.checksum:
            raise Damaged("the recording is damaged: its checksum is another, so that characters were added or changed")
        packed = base64.b64decode(letters + "=" * (-len(letters) % 4))
        unpacker = zlib.decompressobj()
        try:
            content = unpacker.decompress(packed, limits.UNPACKED)
        except zlib.error as error:
            raise Damaged(f"the recording cannot be unpacked: {error}") from error
        if not unpacker.eof:
            raise Damaged(f"the recording is larger than {limits.UNPACKED:,} bytes or not whole")
        return content


def written(document: Mapping[str, Any]) -> str:
    """A recording as lines of text, without a final line end."""
    compact = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
    letters = base64.b64encode(zlib.compress(compact, 9)).decode().rstrip("=")
    lines = (letters[start : start + COLUMNS] for start in range(0, len(letters), COLUMNS))
    return "\n".join((f"{NAME} {VERSION} {len(letters)} {_checksum(letters)}", *lines, END))


def contents(text: str) -> tuple[bytes, ...]:
    """What the whole blocks in a text hold, each once; none if there is no block. Raises Damaged if none is whole."""
    found: dict[bytes, None] = {}
    damage: Damaged | None = None
    for block in blocks(text):
        try:
            found[block.content] = None
        except Damaged as error:
            damage = damage or error
    if damage and not found:
        raise damage
    return tuple(found)


def blocks(text: str) -> Iterator[Block]:
    """The blocks in a text, whatever has become of it. Raises Damaged for one without its first line."""
    text = _plain(text)
    headers = list(HEADER.finditer(text))
    if not headers and END in text:
        raise Damaged(f"the recording has lost its beginning, the line `{NAME} …`")
    for number, header in enumerate(headers):
        if int(header["version"]) != VERSION:
            raise Damaged(f"the recording is of version {header['version']}; this envdoctor reads {VERSION}: update it")
        stop = headers[number + 1].start() if number + 1 < len(headers) else len(text)
        body, end, _ = text[header.end() : stop].partition(END)
        yield Block(int(header["length"]), header["sum"], NOT_THE_ALPHABET.sub("", body), bool(end))


def _plain(text: str) -> str:
    """A text without what browsers, trackers and mail put into it."""
    if NAME not in text:
        text = DASHES.sub("-", text)
    if "&" in text:
        text = html.unescape(html.unescape(text))
    return TAG.sub("", INVISIBLE.sub("", DASHES.sub("-", text)))


def _checksum(letters: str) -> str:
    return hashlib.sha256(letters.encode()).hexdigest()[:12]
