"""Until when is a certificate valid? Read from its DER form (RFC 5280, section 4.1), without a library for it."""

from __future__ import annotations

import binascii
from collections.abc import Iterable

from envdoctor.text.patterns import pattern

SEQUENCE, INTEGER, VERSION, UTC_TIME, GENERALIZED_TIME = 0x30, 0x02, 0xA0, 0x17, 0x18
DIGITS = pattern(rb"[0-9]{12,14}Z")


def last_day(certificates: Iterable[bytes]) -> str | None:
    """The day until which one of several certificates is valid, `2026-11-29`; None if one of them cannot be read.

    Args:
        certificates: the texts between their marks, in base64.
    """
    days = [_valid_until(text) for text in certificates]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def _valid_until(text: bytes) -> str | None:
    try:
        body, _ = _content(binascii.a2b_base64(text), SEQUENCE)
        fields, _ = _content(body, SEQUENCE)
        if fields[0] == VERSION:
            _, fields = _content(fields, VERSION)
        for kind in (INTEGER, SEQUENCE, SEQUENCE):  # serial number, algorithm, issuer
            _, fields = _content(fields, kind)
        validity, _ = _content(fields, SEQUENCE)
        _, after = _content(validity, validity[0])
        time, _ = _content(after, after[0])
    except (ValueError, IndexError):
        return None
    return _day(after[0], time)


def _content(data: bytes, kind: int) -> tuple[bytes, bytes]:
    """What is in the first value, which must be of this kind, and what comes behind it."""
    if data[0] != kind:
        raise ValueError(kind)
    length, start = data[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[2:start], "big")
    end = start + length
    if end > len(data):
        raise ValueError(end)
    return data[start:end], data[end:]


def _day(kind: int, time: bytes) -> str | None:
    if not DIGITS.fullmatch(time) or kind not in (UTC_TIME, GENERALIZED_TIME):
        return None
    text = time.decode()
    if kind == UTC_TIME:  # two digits of the year: from 50 on they are of the last century
        text = f"{'19' if text[:2] >= '50' else '20'}{text}"
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}"
