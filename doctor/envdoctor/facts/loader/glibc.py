"""Which file would the dynamic loader take for each library that a program or an extension module needs?

glibc's own search (elf/dl-load.c, `_dl_map_new_object`), done by reading and without running anything:

1. an object of that name that is already in the process;
2. unless the requesting object has a RUNPATH: its RPATH, that of the object that caused it to be loaded and so on up,
   and the program's;
3. `LD_LIBRARY_PATH`, which a program with raised privileges does not get to see;
4. the RUNPATH of the requesting object, which nothing inherits;
5. `ld.so.cache`, then the default directories.

musl's rules are other ones: `loader_musl`. The tests hold all of it against what the real loader prints.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from envdoctor.facts.loader.elf import ElfObject, read_elf
from envdoctor.facts.loader.host import Host
from envdoctor.facts.loader.library_path import EXPANDED_BY_THE_LOADER
from envdoctor.facts.loader.process import LOOP, MOST_OBJECTS, Failure, Files, Mapped, Place, Process, rpath_owners
from envdoctor.facts.loader.secure import is_secure

Architecture = tuple[str, int, str]
Found = tuple[str, ElfObject | str]


class Loader:
    """glibc's loader with one value of `LD_LIBRARY_PATH`.

    Args:
        host: what the machine's loader knows by itself.
        library_path: the value of `LD_LIBRARY_PATH`; None or empty is the same to the loader.
        cwd: the working directory, which relative elements start from.
        preload: the files of `LD_PRELOAD`, which come before everything that is needed.
        files: files already looked at.
    """

    def __init__(
        self,
        host: Host,
        library_path: str | None = None,
        cwd: str = "/",
        preload: Iterable[str] = (),
        files: Files | None = None,
    ) -> None:
        self.host = host
        self.files = files or Files()
        self.library_path = library_path or ""
        self.cwd = cwd
        self._preload = tuple(preload)
        self._directories: dict[str, bool] = {}
        self._tried: dict[tuple[str, str, Architecture], Found | None] = {}

    def start(self, program: str) -> Process:
        """The process of a program, or of a library examined as if it were one. Raises Unreadable."""
        elf = read_elf(program)
        # of a program, the kernel tells the loader the file behind all links
        origin = os.path.dirname(os.path.realpath(program) if elf.interpreter else program)
        main = Mapped(program, elf, None, "the program", origin)
        process = Process(main, is_secure=is_secure(program))
        process.add(main, self.files.identity(program))
        own = elf.interpreter and self.files.look(elf.interpreter)
        if elf.interpreter and isinstance(own, ElfObject):
            self._add(process, elf.interpreter, own, elf.interpreter, None, "the loader itself")
        for name in () if process.is_secure else self._preload:
            self._need(process, name, None)
        self._load_all(process, process.objects[:])
        return process

    def open(self, process: Process, path: str, caller: Mapped | None = None) -> Mapped | None:
        """Load one more file into a process by its path, as `import` does with an extension module."""
        elf = self.files.look(path)
        if not isinstance(elf, ElfObject):
            process.failures.append(Failure(path, process.program.path, path, elf or "not found"))
            return None
        before = len(process.objects)
        opened = self._add(process, path, elf, path, caller or process.program, "its own path")
        self._load_all(process, process.objects[before:])
        return opened

    def take(self, process: Process, name: str, caller: Mapped | None = None) -> Mapped | None:
        """Load what an extension module without RPATH and RUNPATH would get for a library, and what that needs."""
        owner = caller or process.program
        nobody = ElfObject(path="", machine=owner.elf.machine, bits=owner.elf.bits, byte_order=owner.elf.byte_order)
        before = len(process.objects)
        taken = self._need(process, name, Mapped("", nobody, owner, "", ""))
        self._load_all(process, process.objects[before:])
        return taken

    def _load_all(self, process: Process, waiting: list[Mapped]) -> None:
        """Load what is needed breadth first, as the loader does: who comes first decides for everyone."""
        for requester in waiting:
            for name in requester.elf.needed:
                if len(process.objects) > MOST_OBJECTS:
                    return
                before = len(process.objects)
                requester.takes[name] = self._need(process, name, requester)
                waiting += process.objects[before:]

    def _need(self, process: Process, name: str, requester: Mapped | None) -> Mapped | None:
        known = process.names.get(name)
        if known is not None:
            return known
        needed_by = requester.path if requester else "LD_PRELOAD"
        abandoned = ""
        for place in self.places(process, name, requester):
            if place.how == abandoned:
                continue
            match self._find(place, name, process.program.elf.architecture):
                case None:
                    pass
                case (path, ElfObject() as elf):
                    return self._add(process, path, elf, name, requester, place.how)
                case (_, reason) if reason == LOOP:
                    abandoned = place.how  # glibc gives up this list of directories, and goes on to the next rule
                case (path, str() as reason):
                    process.failures.append(Failure(name, needed_by, path, reason))
                    return None
        process.failures.append(Failure(name, needed_by))
        return None

    def _add(self, process: Process, path: str, elf: ElfObject, name: str, parent: Mapped | None, how: str) -> Mapped:
        identity = self.files.identity(path)
        mapped = process.identities.get(identity)
        if mapped is None:
            mapped = Mapped(path, elf, parent, how, os.path.dirname(path))
            process.add(mapped, identity)
        process.names.setdefault(name, mapped)
        return mapped

    def places(self, process: Process, name: str, requester: Mapped | None) -> Iterator[Place]:
        """Where to look for a library, in order. A name with a slash is a path."""
        asking = requester or process.program
        if "/" in name:
            yield Place(os.path.join(self.cwd, self.expand(name, asking.origin)), "its own path", is_file=True)
            return
        if asking.elf.runpath is None:
            for owner in rpath_owners(asking, process.program):
                yield from self._listed(owner.elf.rpath, owner.origin, f"the RPATH of {owner.path}")
        if not process.is_secure:
            yield from self._listed(self.library_path.replace(";", ":"), process.program.origin, "LD_LIBRARY_PATH")
        yield from self._listed(asking.elf.runpath, asking.origin, f"the RUNPATH of {asking.path}")
        default = self.host.default_directories
        for path in self._cached(name):
            if not (asking.elf.no_default_directories and os.path.dirname(path) in default):
                yield Place(path, "ld.so.cache", is_file=True)
        if not asking.elf.no_default_directories:
            for directory in default:
                yield Place(directory, "the default directories")

    def _cached(self, name: str) -> list[str]:
        """The cache's files of that name: those for the best level that this processor has, then the plain ones."""
        levels = self.host.levels
        entries = [entry for entry in self.host.cache.get(name, ()) if entry.level is None or entry.level in levels]
        entries.sort(key=lambda entry: len(levels) if entry.level is None else levels.index(entry.level))
        return [entry.path for entry in entries]

    def _listed(self, value: str | None, origin: str, how: str) -> Iterator[Place]:
        """The directories of a list in the loader's notation: an empty element is the working directory."""
        for element in value.split(":") if value else ():
            directory = os.path.join(self.cwd, self.expand(element, origin))
            yield Place(directory.rstrip("/") or "/", how)

    def expand(self, text: str, origin: str) -> str:
        """Put in what `$ORIGIN`, `$LIB` and `$PLATFORM` stand for; any other `$` is literal."""
        if "$" not in text:
            return text
        values = {"ORIGIN": origin, "LIB": self.host.lib, "PLATFORM": self.host.platform}
        return re.sub(EXPANDED_BY_THE_LOADER, lambda match: values[match[1] or match[2]], text)

    def _find(self, place: Place, name: str, architecture: Architecture) -> Found | None:
        if place.is_file:
            return self._at(place.path, architecture)
        return self._within(place.path, name, architecture)

    def _within(self, directory: str, name: str, architecture: Architecture) -> Found | None:
        """The library in this directory, the subdirectories for better processors first."""
        key = (directory, name, architecture)
        if key not in self._tried:
            tried = (self._at(f"{place.rstrip('/')}/{name}", architecture) for place in self._inside(directory))
            # known only when it is: other threads ask, too
            self._tried[key] = next(filter(None, tried), None)
        return self._tried[key]

    def _inside(self, directory: str) -> Iterator[str]:
        if self._exists(directory):
            for subdirectory in self.host.subdirectories:
                if self._exists(f"{directory}/{subdirectory}"):
                    yield f"{directory}/{subdirectory}"
            yield directory

    def _at(self, path: str, architecture: Architecture) -> Found | None:
        """This file: what it says, or why the loader fails on it. One for another machine is passed over."""
        found = self.files.look(path)
        if found is None or (isinstance(found, ElfObject) and found.architecture != architecture):
            return None
        return path, found

    def _exists(self, directory: str) -> bool:
        known = self._directories.get(directory)
        if known is None:
            known = self._directories[directory] = os.path.isdir(directory)
        return known
