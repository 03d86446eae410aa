"""A process as the loader sees it: what it has mapped, and the files that it looks at."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator

import msgspec

from envdoctor.facts.loader.elf import ElfObject, read_elf
from envdoctor.system.files import Unreadable

MOST_OBJECTS = 4000


NOT_THERE = (errno.ENOENT, errno.ENOTDIR, errno.EACCES)


LOOP = os.strerror(errno.ELOOP).lower()


class Mapped(msgspec.Struct, eq=False):
    """An object in the process that is imagined.

    Attributes:
        path: the file, spelled as the loader would.
        elf: what it says.
        parent: the object that caused it to be loaded; None for the program and for preloaded objects.
        how: the rule that found it: `LD_LIBRARY_PATH`, `the RPATH of …`, `ld.so.cache`.
        origin: what `$ORIGIN` stands for in its RPATH and RUNPATH.
        takes: what it got for each library that it needs; None where there was none.
    """

    path: str
    elf: ElfObject
    parent: Mapped | None
    how: str
    origin: str
    takes: dict[str, Mapped | None] = msgspec.field(default_factory=dict)


class Failure(msgspec.Struct, frozen=True):
    """A library that could not be loaded.

    Attributes:
        name: the library, as it was asked for.
        needed_by: the file that needs it.
        file: the file that was chosen for it and cannot be used; None where nothing was found.
        reason: why not.
    """

    name: str
    needed_by: str
    file: str | None = None
    reason: str = "not found"


class Place(msgspec.Struct, frozen=True):
    """Where to look next: a directory or a file, and the rule that says so."""

    path: str
    how: str
    is_file: bool = False


class Files:
    """ELF files already looked at, shared by all the loaders of one examination."""

    def __init__(self) -> None:
        self._known: dict[str, ElfObject | str | None] = {}
        self._identities: dict[str, tuple[int, int]] = {}

    def look(self, path: str) -> ElfObject | str | None:
        """What a file says; the reason why the loader would fail on it; None if the loader would search on."""
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def elf(self, path: str) -> ElfObject | None:
        """What a file says; None if it cannot be loaded or is not there."""
        found = self.look(path)
        return found if isinstance(found, ElfObject) else None

    def identity(self, path: str) -> tuple[int, int]:
        """Device and inode: one file under two names is loaded once."""
        if path not in self._identities:
            status = os.stat(path)
            self._identities[path] = status.st_dev, status.st_ino
        return self._identities[path]

    @staticmethod
    def _read(path: str) -> ElfObject | str | None:
        try:
            return read_elf(path)
        except Unreadable as error:
            cause = error.__cause__
            return None if isinstance(cause, OSError) and cause.errno in NOT_THERE else error.reason


class Process:
    """The objects of one imagined process.

    Attributes:
        program: the program itself.
        is_secure: whether it runs with raised privileges, which makes the loader ignore the environment.
        objects: everything in it in the order of loading, the program first.
        failures: what could not be loaded.
        names: the object that answers to each name.
    """

    def __init__(self, program: Mapped, *, is_secure: bool) -> None:
        self.program = program
        self.is_secure = is_secure
        self.objects: list[Mapped] = []
        self.failures: list[Failure] = []
        self.names: dict[str, Mapped] = {}
        self.identities: dict[tuple[int, int], Mapped] = {}

    def fork(self) -> Process:
        """The same process once more, to load something else into."""
        copy = Process(self.program, is_secure=self.is_secure)
        copy.objects, copy.failures = self.objects[:], self.failures[:]
        copy.names, copy.identities = dict(self.names), dict(self.identities)
        return copy

    def add(self, mapped: Mapped, identity: tuple[int, int]) -> None:
        """Take an object in: from now on it answers to its path and to its soname."""
        self.objects.append(mapped)
        self.identities.setdefault(identity, mapped)
        self.names.setdefault(mapped.path, mapped)
        if mapped.elf.soname:
            self.names.setdefault(mapped.elf.soname, mapped)


def rpath_owners(asking: Mapped, program: Mapped) -> Iterator[Mapped]:
    """Whose RPATH counts for what an object needs: its own, that of each object above it, and the program's."""
    owner: Mapped | None = asking
    met_program = False
    while owner:
        met_program |= owner is program
        if owner.elf.runpath is None:
            yield owner
        owner = owner.parent
    if not met_program and program.elf.runpath is None:
        yield program
