"""Do installed packages that open a library by its name as they are imported find it?"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact
from envdoctor.facts.libraries.known_needs import OPENED, Opened
from envdoctor.facts.python.interpreter import Interpreter

TYPE_CHECKING = False
if TYPE_CHECKING:  # loaded when there is such a package
    from envdoctor.facts.loader.glibc import Loader
    from envdoctor.facts.loader.process import Process

ENDING = ".so"


class UnopenedLibrary(Fact, frozen=True):
    """A package, its file that opens a library, and the soname that is not found."""

    package: str
    file: str
    soname: str


def unopened(
    loader: Loader, base: Process, interpreter: Interpreter, there: tuple[tuple[Opened, str], ...]
) -> tuple[UnopenedLibrary, ...]:
    """Follow the loader for what each of these packages would ask of it. Nothing is loaded."""
    prefixes = {interpreter.prefix, interpreter.base_prefix}
    return tuple(
        UnopenedLibrary(known.package, file, soname)
        for known, file in there
        for soname in known.sonames
        if loader.take(base.fork(), soname) is None and not _lies_in(prefixes, soname)
    )


def installed(site_packages: tuple[str, ...]) -> Iterator[tuple[Opened, str]]:
    """The packages that are there and bring no library along, with the file that opens it."""
    for known in OPENED:
        for directory in site_packages:
            file = os.path.join(directory, known.marker)
            if os.path.isfile(file):
                places = (f"{glob.escape(other)}/{name}" for other in site_packages for name in known.bundled)
                if not any(map(glob.glob, places)):
                    yield known, file
                break


def _lies_in(prefixes: set[str], soname: str) -> bool:
    """Whether an environment has it where a package may look by itself, under whatever version."""
    stem = soname.partition(ENDING)[0]
    return any(glob.glob(f"{glob.escape(prefix)}/lib*/{stem}{ENDING}*") for prefix in prefixes)
