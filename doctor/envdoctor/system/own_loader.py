"""How is envdoctor itself kept from loading what lies in the working directory, or another build's `libpython`?

`LD_LIBRARY_PATH=/x:` has every library that is still to come looked for there, and the loader does not forget what it
was started with. So the process starts once more without such elements, and keeps the session's values beside them.
Imported before anything else: it imports nothing but what Python has loaded.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping

GIVEN = "ENVDOCTOR_GIVEN_"
# ld.so(8) of glibc 2.40, dyld(1) of macOS 15, openssl-env(7) of OpenSSL 3
VARIABLES = (
    *("LD_LIBRARY_PATH", "LD_PRELOAD", "LD_AUDIT", "GCONV_PATH", "OPENSSL_CONF", "OPENSSL_ENGINES", "OPENSSL_MODULES"),
    *("DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES"),
    *("DYLD_FRAMEWORK_PATH", "DYLD_FALLBACK_FRAMEWORK_PATH"),
)
OBJECTS = ("LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES")
MAPS = "/proc/self/maps"
MOST_MAPS = 4_000_000


def kept_from_here(env: Mapping[str, str], libpython: str | None = None) -> dict[str, str] | None:
    """The variables to start with once more; None where none leads to the working directory or to this `libpython`."""
    found = {}
    for name in VARIABLES:
        if (value := env.get(name)) and _narrowed(name, value, libpython) != value:
            found[name] = value
    if not found:
        return None
    fresh = {name: value for name, value in env.items() if name not in found}
    for name, value in found.items():
        fresh[GIVEN + name] = value
        if narrowed := _narrowed(name, value, libpython):
            fresh[name] = narrowed
    return fresh


def given(env: Mapping[str, str]) -> dict[str, str]:
    """The variables as they were at the first start."""
    before = {name.removeprefix(GIVEN): value for name, value in env.items() if name.startswith(GIVEN)}
    return {**{name: value for name, value in env.items() if not name.startswith(GIVEN)}, **before}


def foreign_libpython(maps: str = MAPS, prefix: str = sys.base_prefix) -> str | None:
    """The `libpython` in this process, where it is not the one that the running Python has of its own."""
    for path in _mapped(maps):
        own = os.path.join(prefix, "lib", os.path.basename(path))
        if os.path.exists(own) and not os.path.samefile(own, path):
            return path
    return None


def _mapped(maps: str) -> Iterator[str]:
    """The `libpython` of a process; none where the system does not tell."""
    try:
        with open(maps, encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read(MOST_MAPS).splitlines()
    except OSError:
        return
    paths = (line.partition("/") for line in lines if "/libpython" in line)
    yield from dict.fromkeys(f"/{path}" for _, slash, path in paths if slash and os.path.exists(f"/{path}"))


def _narrowed(name: str, value: str, libpython: str | None) -> str:
    """A value without the elements that mean another place after every `cd`, and those that bring this library."""
    separators = " :" if name in OBJECTS else ":;"
    elements = value.translate(str.maketrans(separators, "::")).split(":")
    kept = [element for element in elements if _is_fixed(element) or (name in OBJECTS and "/" not in element)]
    kept = [element for element in kept if not _brings(element, libpython)]
    return value if kept == elements else ":".join(filter(None, kept))


def _brings(element: str, library: str | None) -> bool:
    """Whether an element is the library itself, or a directory in which the loader has found it."""
    if library is None or not os.path.isabs(element):
        return False
    wanted = os.path.realpath(library)
    return any(os.path.realpath(f"{element}{name}") == wanted for name in ("", f"/{os.path.basename(library)}"))


def _is_fixed(element: str) -> bool:
    """Whether an element is absolute or depends on the program alone; /proc/self/cwd is neither."""
    if element.partition("/")[0] in ("$ORIGIN", "${ORIGIN}"):
        return True
    plain = f"{os.path.normpath(element)}/"
    return element.startswith("/") and not plain.startswith(("/proc/", "//proc/"))
