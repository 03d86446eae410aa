"""Which file would musl's loader take? Its rules are simpler than glibc's (musl, ldso/dynlink.c).

`LD_LIBRARY_PATH` comes before all else and its empty elements are skipped; RPATH and RUNPATH are one and the same and
both inherited; there is no cache; the first file of the name decides, whatever machine it is for; the C library's own
names always mean the C library.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.facts.loader.elf import ElfObject
from envdoctor.facts.loader.glibc import Architecture, Found, Loader
from envdoctor.facts.loader.process import Mapped, Place, Process

# the names that stand for the loader itself: load_library in ldso/dynlink.c, musl 1.2.5
OWN = ("libc.", "libpthread.", "librt.", "libm.", "libdl.", "libutil.", "libxnet.")


def is_musl(interpreter: str | None) -> bool:
    """Whether a program's loader is musl's."""
    return interpreter is not None and os.path.basename(interpreter).startswith("ld-musl-")


class MuslLoader(Loader):
    """musl's loader with one value of `LD_LIBRARY_PATH`."""

    def places(self, process: Process, name: str, requester: Mapped | None) -> Iterator[Place]:
        """Where to look for a library, in order."""
        asking: Mapped | None = requester or process.program
        own = process.program.elf.interpreter
        if own and name.startswith(OWN):
            yield Place(own, "the loader itself", is_file=True)
            return
        if "/" in name:
            yield Place(os.path.join(self.cwd, name), "its own path", is_file=True)
            return
        if not process.is_secure:
            for element in self.library_path.replace("\n", ":").split(":"):
                if element:
                    yield Place(os.path.join(self.cwd, element), "LD_LIBRARY_PATH")
        while asking:
            tag = asking.elf.rpath if asking.elf.runpath is None else asking.elf.runpath
            for element in (tag or "").split(":"):
                if element:
                    expanded = element.replace("${ORIGIN}", asking.origin).replace("$ORIGIN", asking.origin)
                    yield Place(os.path.join(self.cwd, expanded), f"the RPATH of {asking.path}")
            asking = asking.parent
        for directory in self.host.musl_directories:
            yield Place(directory, "the default directories")

    def _inside(self, directory: str) -> Iterator[str]:
        yield directory

    def _at(self, path: str, architecture: Architecture) -> Found | None:
        found = self.files.look(path)
        if isinstance(found, ElfObject) and found.architecture != architecture:
            return path, "for another machine"
        return None if found is None else (path, found)
