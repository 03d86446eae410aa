"""How does a program load in this session, and how would it without the variables that the session sets?

What all facts about shared libraries share: the machine's loader and the files already looked at are read once.
"""

from __future__ import annotations

import weakref

from envdoctor.facts.loader.elf import ElfObject
from envdoctor.facts.loader.glibc import Loader
from envdoctor.facts.loader.host import read_host
from envdoctor.facts.loader.library_path import PRELOAD, VARIABLE, split_preload
from envdoctor.facts.loader.musl import MuslLoader, is_musl
from envdoctor.facts.loader.process import Files, Process
from envdoctor.system.files import Unreadable
from envdoctor.system.session import Session

SYSTEM_LOADERS = ("/lib", "/usr/lib")


class Loading:
    """The loaders of one session.

    Attributes:
        host: what the machine's loader knows by itself.
        files: the files already looked at.
    """

    def __init__(self, session: Session) -> None:
        self.host = read_host()
        self.files = Files()
        self._library_path = session.env.get(VARIABLE)
        self._preload = split_preload(session.env.get(PRELOAD))
        self._cwd = session.cwd or "/"
        self._loaders: dict[tuple[bool, str | None, tuple[str, ...]], Loader] = {}

    def loader(self, program: str, library_path: str | None = None, preload: tuple[str, ...] = ()) -> Loader:
        """The loader that a program would be started by, with these values of the variables."""
        elf = self.files.look(program)
        musl = isinstance(elf, ElfObject) and is_musl(elf.interpreter)
        key = (musl, library_path, preload)
        if key not in self._loaders:
            kind = MuslLoader if musl else Loader
            self._loaders[key] = kind(self.host, library_path, self._cwd, preload, self.files)
        return self._loaders[key]

    def here(self, program: str) -> Loader:
        """The loader of a program as this session would start it."""
        return self.loader(program, self._library_path, self._preload)

    def clean(self, program: str) -> Loader:
        """The loader of a program if the session set none of the loader's variables."""
        return self.loader(program)

    def start(self, loader: Loader, program: str) -> Process | None:
        """The process of a program; None where it is not one that the system's loader starts.

        Nix, Guix and Homebrew bring loaders of their own, with other default directories and caches of their own.
        """
        try:
            process = loader.start(program)
        except Unreadable:
            return None
        interpreter = process.program.elf.interpreter or ""
        return process if interpreter.startswith(SYSTEM_LOADERS) else None


_loadings: weakref.WeakKeyDictionary[Session, Loading] = weakref.WeakKeyDictionary()


def loading(session: Session) -> Loading:
    """The loaders of this session, made when they are first asked for."""
    known = _loadings.get(session)
    if known is None:
        known = _loadings[session] = Loading(session)
    return known
