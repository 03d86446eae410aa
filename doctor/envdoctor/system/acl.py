"""Who may write by an access control list, which the mode of a file does not tell?

The kernel keeps it as an attribute of the file: a version, then entries of a tag, rights and a number, little-endian
(linux/posix_acl_xattr.h). Where there is a list, what the mode calls the rights of the group is the mask of the list.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator

ATTRIBUTE = "system.posix_acl_access"
VERSION = 2
USER, OWNING_GROUP, GROUP, MASK = 0x02, 0x04, 0x08, 0x10
WRITE = 2


def writers(path: str, owning_group: int) -> Iterator[tuple[str, int]] | None:
    """The users and groups whom a list lets write, each as a word and its number; None if there is no list."""
    try:
        content = os.getxattr(path, ATTRIBUTE, follow_symlinks=False)
    except (AttributeError, OSError):  # a system without such lists, or a file without one
        return None
    if len(content) < 4 or len(content) % 8 != 4 or struct.unpack_from("<I", content) != (VERSION,):
        return None
    entries = list(struct.iter_unpack("<HHI", content[4:]))
    mask = next((rights for tag, rights, _ in entries if tag == MASK), WRITE)
    return _writers(entries, owning_group) if mask & WRITE else iter(())


def _writers(entries: list[tuple[int, int, int]], owning_group: int) -> Iterator[tuple[str, int]]:
    for tag, rights, number in entries:
        if not rights & WRITE:
            continue
        if tag == USER:
            yield "user", number
        elif tag == GROUP:
            yield "group", number
        elif tag == OWNING_GROUP:
            yield "group", owning_group
