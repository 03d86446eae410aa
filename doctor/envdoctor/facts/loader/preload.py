"""What do `LD_PRELOAD` and `/etc/ld.so.preload` put into every program, and would the loader take it?"""

from __future__ import annotations

import os
import platform
import re

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.loader.library_path import PRELOAD, VARIABLE, split_preload
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.session import Session
from envdoctor.text import limits

TYPE_CHECKING = False
if TYPE_CHECKING:  # loaded when there is something to look for
    from envdoctor.facts.loader.elf import ElfObject
    from envdoctor.facts.loader.loading import Loading
    from envdoctor.facts.loader.process import Process

SYSTEM_FILE = "/etc/ld.so.preload"
WITNESSES = ("/bin/sh", "/usr/bin/env")


class PreloadItem(Fact, frozen=True):
    """One object that is to be loaded into every program.

    Attributes:
        text: the object, verbatim.
        origin: `LD_PRELOAD`, or file and line.
        file: the file that is meant; None where none is found.
        problem: why the loader reports and ignores it; None if it is loaded.
        soname: the soname of what is loaded.
        is_own: whether programs would get the same file for that soname anyway.
    """

    text: str
    origin: str
    file: str | None = None
    problem: str | None = None
    soname: str | None = None
    is_own: bool = False


class Preload(Fact, frozen=True):
    """What is loaded into every program before anything else.

    Attributes:
        items: the objects, those of the variable first, in order.
        machine: the machine's architecture as the system calls it: `x86_64`.
    """

    items: tuple[PreloadItem, ...] = ()
    machine: str = ""


@probe
def probe_preload(session: Session) -> Preload:
    """Find each object as the loader would for `sh`. Nothing is loaded."""
    named = [(text, PRELOAD) for text in split_preload(session.env.get(PRELOAD))]
    named += _system_wide()
    if not named:
        raise Unavailable(f"{PRELOAD} is not set")
    from envdoctor.facts.loader.loading import loading

    library_path = session.env.get(VARIABLE)
    items = tuple(_item(loading(session), library_path, text, origin) for text, origin in named)
    return Preload(items, platform.machine())


def _system_wide() -> list[tuple[str, str]]:
    """What the system's file names, with the line: blanks, colons and line ends separate, `#` begins a comment."""
    try:
        lines = read_text(SYSTEM_FILE, limits.SMALL_FILE).splitlines()
    except Unreadable:
        return []
    return [
        (text, f"{SYSTEM_FILE}:{number}")
        for number, line in enumerate(lines, 1)
        for text in re.split(r"[ \t:]+", line.partition("#")[0])
        if text
    ]


def _item(loaders: Loading, library_path: str | None, text: str, origin: str) -> PreloadItem:
    witness = next(filter(os.path.exists, WITNESSES), WITNESSES[0])
    clean = loaders.start(loaders.clean(witness), witness)
    here = loaders.start(loaders.loader(witness, library_path, (text,)), witness)
    if here is None or clean is None:
        return PreloadItem(text, origin)
    if text in here.names:
        mapped = here.names[text]
        return PreloadItem(text, origin, mapped.path, None, mapped.elf.soname, _is_own(loaders, clean, mapped.elf))
    failure = next(failure for failure in here.failures if failure.name == text)
    if failure.file is None and "/" in text and os.path.exists(text):
        elf = loaders.files.elf(text)
        other = f"for another machine ({elf.machine}, {elf.bits} bit)" if elf else "not usable"
        return PreloadItem(text, origin, text, other)
    reason = "does not exist" if failure.file is None else failure.reason
    return PreloadItem(text, origin, failure.file, reason)


def _is_own(loaders: Loading, clean: Process, elf: ElfObject) -> bool:
    """Whether the file is the one that the loader finds for this soname by itself."""
    if elf.soname is None:
        return False
    host = loaders.host
    places = [entry.path for entry in host.cache.get(elf.soname, ())]
    places += [f"{directory}/{elf.soname}" for directory in host.default_directories]
    known = clean.names.get(elf.soname)
    own = known.path if known else next(filter(os.path.exists, places), None)
    return own is not None and os.path.samefile(own, elf.path)
