"""What stands in an egg that is one file: a zip archive on the search path, as `easy_install` left it."""

from __future__ import annotations

import io
import os

from envdoctor.system.files import Unreadable, open_regular
from envdoctor.system.unread import note
from envdoctor.text import limits


def read_member(egg: str, name: str) -> bytes:
    """One file of an egg, such as `EGG-INFO/PKG-INFO`. Raises Unreadable, also where the egg is no such archive."""
    import zipfile
    import zlib

    broken = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError)
    with open_regular(egg) as descriptor:
        if os.fstat(descriptor).st_size > limits.ZIPPED_EGG:
            raise _unread(egg, f"larger than {limits.ZIPPED_EGG:,} bytes")
        try:
            file = io.FileIO(descriptor, closefd=False)
            with zipfile.ZipFile(file) as archive, archive.open(name) as member:
                return member.read(limits.PACKAGE_FILE)
        except KeyError as error:
            raise Unreadable(f"{egg}/{name}", "no such file") from error
        except broken as error:
            raise _unread(egg, "not a zip archive that can be read") from error


def _unread(egg: str, reason: str) -> Unreadable:
    note(egg, reason)
    return Unreadable(egg, reason)
