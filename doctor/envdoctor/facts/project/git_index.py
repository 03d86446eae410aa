"""Does git keep a file? Read from the index of the repository: to ask git would run what the repository configures.

The format is that of git's manual `gitformat-index`: a header, then entries sorted by path, each with 40 bytes of file
status, an object name, two or four bytes of flags, and the path. Version 4 gives a path as a change to the last one.
"""

from __future__ import annotations

import os
import struct

from envdoctor.system.files import Unreadable, read_bytes, read_text
from envdoctor.system.unread import note
from envdoctor.text import limits

LONGEST = 4096
STATUS = 40
EXTENDED = 0x4000
SPLIT = b"link"
SHA1, SHA256 = 20, 32


def is_tracked(path: str) -> bool | None:
    """Whether the nearest repository above a file has it in its index; None where that cannot be told."""
    return _keeps(path, below=False)


def keeps_any_of(directory: str) -> bool | None:
    """Whether the nearest repository above a directory has it, as a link, or a file below it in its index."""
    return _keeps(directory, below=True)


def _keeps(path: str, *, below: bool) -> bool | None:
    directory, name = os.path.split(path)
    inside = name
    directory = os.path.realpath(directory)
    while not os.path.lexists(os.path.join(directory, ".git")):
        if directory == os.path.dirname(directory):
            return None
        inside = os.path.join(os.path.basename(directory), inside)
        directory = os.path.dirname(directory)
    try:
        own, common = _directories(os.path.join(directory, ".git"))
        config = read_text(os.path.join(common, "config"))
        file = os.path.join(own, "index")
        if not os.path.lexists(file):
            return False  # nothing has been added yet
        index = read_bytes(file, limits.GIT_INDEX)
    except Unreadable:
        return None
    sha = SHA256 if "objectformat=sha256" in config.lower().replace(" ", "") else SHA1
    known = _lists(index, os.fsencode(inside), sha, below=below)
    if known is None:
        note(file, "in a format that envdoctor does not read")
    return known


def _directories(mark: str) -> tuple[str, str]:
    """The repository of a work tree, and the one whose configuration it shares. Raises Unreadable."""
    if os.path.isdir(mark):
        return mark, mark
    text = read_text(mark, limits.PATH_FILE)
    if not text.startswith("gitdir:"):
        raise Unreadable(mark, "names no repository")
    own = os.path.join(os.path.dirname(mark), text.removeprefix("gitdir:").strip())
    try:
        return own, os.path.join(own, read_text(os.path.join(own, "commondir"), limits.PATH_FILE).strip())
    except Unreadable:
        return own, own


def _lists(index: bytes, wanted: bytes, sha: int, *, below: bool) -> bool | None:
    """Whether an index has this path, or one below it; None if it is of another format, or keeps entries elsewhere."""
    try:
        magic, version, count = struct.unpack_from(">4sII", index)
        if magic != b"DIRC" or version not in (2, 3, 4):
            return None
        place, path = 12, b""
        for _ in range(count):
            path, place = _entry(index, place, path, version, sha)
            if path == wanted or (below and path.startswith(wanted + b"/")):
                return True
    except (struct.error, IndexError, ValueError):
        return None
    return None if index[place : place + 4] == SPLIT else False


def _entry(index: bytes, begin: int, last: bytes, version: int, sha: int) -> tuple[bytes, int]:
    """The path of the entry that begins here, and where the next one does."""
    place = begin + STATUS + sha
    [flags] = struct.unpack_from(">H", index, place)
    place += 4 if flags & EXTENDED else 2
    kept = b""
    if version == 4:
        dropped, place = _number(index, place)
        kept = last[: len(last) - dropped]
    end = index.index(b"\0", place)
    path = kept + index[place:end]
    if len(path) > LONGEST:
        raise ValueError
    return path, end + 1 if version == 4 else begin + (end - begin + 8) // 8 * 8


def _number(data: bytes, place: int) -> tuple[int, int]:
    """A number of git's variable length, and where it ends: seven bits a byte, each further byte counts one more."""
    byte = data[place]
    value = byte & 0x7F
    while byte & 0x80:
        place += 1
        byte = data[place]
        value = (value + 1) << 7 | byte & 0x7F
    return value, place + 1
