"""Which `libstdc++` do the extension modules of the session's Python get, and is there a newer one?

Nothing but the labels that a file carries says how new it is: `GLIBCXX_3.4.30` comes with GCC 12. They are compared as
numbers (https://gcc.gnu.org/onlinedocs/libstdc++/manual/abi.html).
"""

from __future__ import annotations

import os
import re

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.loader.conflicts import version_key
from envdoctor.facts.loader.library_path import PRELOAD, VARIABLE
from envdoctor.facts.python.active import ActivePython
from envdoctor.system.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:  # loaded when there is something to compare
    from envdoctor.facts.loader.loading import Loading

SONAME = "libstdc++.so.6"
NUMBERED = r"(?:GLIBCXX|CXXABI)_[0-9.]+"


class Libstdcxx(Fact, frozen=True):
    """One `libstdc++.so.6`.

    Attributes:
        path: the file.
        glibcxx: its highest label of the library: `GLIBCXX_3.4.30`; None if it has none.
        cxxabi: its highest label of the C++ runtime: `CXXABI_1.3.13`; None if it has none.
    """

    path: str
    glibcxx: str | None = None
    cxxabi: str | None = None


class LibstdcxxChoice(Fact, frozen=True):
    """The C++ library of the session's Python.

    Attributes:
        executable: the Python.
        taken: the one that an extension module without an RPATH of its own gets; None if it gets none.
        how: the rule by which it is found: `LD_LIBRARY_PATH`, `the RPATH of …`, `ld.so.cache`.
        newest: the newest one that is to be found here: in the environment, the system or the library path.
    """

    executable: str
    taken: Libstdcxx | None
    how: str | None
    newest: Libstdcxx | None

    @property
    def is_older(self) -> bool:
        """Whether a newer one than that which is taken lies elsewhere."""
        return self.taken is not None and self.newest is not None and _age(self.taken) < _age(self.newest)


@probe
def probe_libstdcxx_choice(session: Session, active: ActivePython) -> LibstdcxxChoice:
    """Follow the loader from the interpreter, and compare with the others that are here."""
    interpreter = active.interpreter
    own = [f"{prefix}/lib/{SONAME}" for prefix in dict.fromkeys((interpreter.prefix, interpreter.base_prefix))]
    quiet = not (session.deep or session.env.get(VARIABLE) or session.env.get(PRELOAD))
    if quiet and not any(map(os.path.exists, own)):
        raise Unavailable("nothing stands before the system's libstdc++")
    from envdoctor.facts.loader.loading import loading

    executable, loaders = interpreter.executable, loading(session)
    loader = loaders.here(executable)
    process = loaders.start(loader, executable)
    if process is None:
        raise Unavailable(f"{executable} is not started by the system's loader")
    taken = loader.take(process, SONAME)
    others = own + [entry.path for entry in loaders.host.cache.get(SONAME, ())]
    others += [f"{directory}/{SONAME}" for directory in loaders.host.default_directories]
    known = [found for path in others if (found := look(loaders, path))]
    newest = max(known, key=_age, default=None)
    return LibstdcxxChoice(
        executable, look(loaders, taken.path) if taken else None, taken.how if taken else None, newest
    )


def look(loaders: Loading, path: str) -> Libstdcxx | None:
    """What one file provides; None where there is none that can be read."""
    elf = loaders.files.elf(path)
    if elf is None:
        return None
    labels = sorted((label for label in elf.defined if re.fullmatch(NUMBERED, label)), key=version_key)
    highest = {label.partition("_")[0]: label for label in labels}
    return Libstdcxx(path, highest.get("GLIBCXX"), highest.get("CXXABI"))


def _age(library: Libstdcxx) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return (
        version_key(library.glibcxx)[1] if library.glibcxx else (),
        version_key(library.cxxabi)[1] if library.cxxabi else (),
    )
