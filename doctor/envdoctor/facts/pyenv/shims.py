"""What the text of a pyenv shim says."""

from __future__ import annotations

import os
import re

import msgspec

from envdoctor.system.files import Unreadable, read_head
from envdoctor.text.patterns import pattern

SHIM_SIZE = 5000
CALL = pattern(rb'^exec "([^"\n]*/pyenv)" exec ', re.MULTILINE)
ROOT = pattern(rb'^export PYENV_ROOT="([^"\n]+)"', re.MULTILINE)


class Shim(msgspec.Struct, frozen=True):
    """What the text of a shim says: the `pyenv` that it calls, and the root for which it calls it."""

    program: str
    root: str


def parse_shim(head: bytes) -> Shim | None:
    """What the beginning of a file says if it is one of pyenv's shims."""
    call, root = CALL.search(head), ROOT.search(head)
    if not head.startswith(b"#!") or not call or not root:
        return None
    return Shim(os.fsdecode(call[1]), os.fsdecode(root[1]))


def read_shim(path: str) -> Shim | None:
    """What a file says if it is one of pyenv's shims; None if it is none or cannot be read."""
    try:
        return parse_shim(read_head(path, SHIM_SIZE))
    except Unreadable:
        return None
