"""Which directories has somebody added to the system's loader, for every program of every user?

`ldconfig` reads `/etc/ld.so.conf`, mostly no more than `include /etc/ld.so.conf.d/*.conf`, and writes the libraries of
all these directories into `/etc/ld.so.cache`, which is what the loader reads (glibc, elf/ldconfig.c).
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator

from envdoctor.engine.fact import Fact
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.unread import note
from envdoctor.text import limits

START = "/etc/ld.so.conf"
DEEPEST = 8
MOST_FILES = 500


class ConfiguredDirectory(Fact, frozen=True):
    """A directory that the configuration of the loader names.

    Attributes:
        directory: the directory.
        file: the file that names it.
        line: where in it, from 1.
        text: that line, verbatim, if it can be taken out by its text; None if the file holds it elsewhere too.
    """

    directory: str
    file: str
    line: int
    text: str | None = None

    @property
    def origin(self) -> str:
        """The file with its line."""
        return f"{self.file}:{self.line}"


def read_configuration(root: str = "") -> tuple[ConfiguredDirectory, ...]:
    """The directories in the order in which `ldconfig` takes them, of the system below another root if one is given."""
    return tuple(_read(root, START, set(), 0))


def _read(root: str, path: str, read: set[str], depth: int) -> Iterator[ConfiguredDirectory]:
    if path in read or depth > DEEPEST or len(read) >= MOST_FILES:
        return
    read.add(path)
    try:
        lines = read_text(root + path, limits.SMALL_FILE).splitlines()
    except Unreadable as unreadable:
        if os.path.lexists(root + path):
            note(path, unreadable.reason)
        return
    for number, line in enumerate(lines, 1):
        said = line.partition("#")[0].strip()
        word, *patterns = said.split() or [""]
        if word == "include":
            for pattern in patterns:
                absolute = os.path.join(os.path.dirname(path), pattern)
                for found in sorted(glob.glob(f"{glob.escape(root)}{absolute}")):
                    yield from _read(root, found.removeprefix(root), read, depth + 1)
        elif said.startswith("/"):
            text = line if lines.count(line) == 1 else None
            yield ConfiguredDirectory(_named(said), path, number, text)


def _named(said: str) -> str:
    """The directory of a line, without the kind of libraries that older releases let it name: `/usr/lib=libc6`."""
    return re.sub(r"=\w+$", "", said).rstrip("/") or "/"
