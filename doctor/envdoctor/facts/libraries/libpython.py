"""Which `libpython` does the session's Python get, and which is its own?"""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.loader.library_path import PRELOAD, VARIABLE
from envdoctor.facts.python.active import ActivePython
from envdoctor.system.session import Session


class LibpythonChoice(Fact, frozen=True):
    """The library that holds the session's Python, as it is taken here and as it would be taken without the session.

    Attributes:
        executable: the Python.
        soname: the library: `libpython3.12.so.1.0`.
        taken: the file that is taken in this session; None if none is found.
        own: the file that would be taken if the session set none of the loader's variables; None if none is found.
        how: the rule by which `taken` is found: `LD_LIBRARY_PATH`.
        same: whether the two are the same file, or have the same content.
    """

    executable: str
    soname: str
    taken: str | None
    own: str | None
    how: str | None
    same: bool


@probe(where_set=(VARIABLE, PRELOAD), otherwise=f"neither {VARIABLE} nor {PRELOAD} is set")
def probe_libpython_choice(session: Session, active: ActivePython) -> LibpythonChoice:
    """Follow the loader with and without the session's variables. A Python without a `libpython` has no such fact."""
    from envdoctor.facts.loader.loading import loading

    executable, loaders = active.interpreter.executable, loading(session)
    here = loaders.start(loaders.here(executable), executable)
    clean = loaders.start(loaders.clean(executable), executable)
    if here is None or clean is None:
        raise Unavailable(f"{executable} is not started by the system's loader")
    soname = next((name for name in here.program.elf.needed if name.startswith("libpython")), None)
    if soname is None:
        raise Unavailable(f"{executable} holds its library in itself")
    taken, own = here.program.takes.get(soname), clean.program.takes.get(soname)
    return LibpythonChoice(
        executable,
        soname,
        taken.path if taken else None,
        own.path if own else None,
        taken.how if taken else None,
        same=taken is not None and own is not None and _same(taken.path, own.path),
    )


def _same(first: str, second: str) -> bool:
    import filecmp

    try:
        return os.path.samefile(first, second) or filecmp.cmp(first, second, shallow=False)
    except OSError as error:
        raise Unavailable(f"{first} and {second} cannot be compared: {error}") from None
