"""How is envdoctor itself kept from loading what lies in the working directory?

`LD_LIBRARY_PATH=/x:` has every library that is still to come looked for there, and the loader does not forget what it
was started with. So the process starts once more without such elements, and keeps the session's values beside them.
Imported before anything else: it imports nothing but what Python has loaded.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

GIVEN = "ENVDOCTOR_GIVEN_"
VARIABLES = (
    *("LD_LIBRARY_PATH", "LD_PRELOAD", "LD_AUDIT", "GCONV_PATH", "OPENSSL_CONF", "OPENSSL_ENGINES", "OPENSSL_MODULES"),
    *("DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES"),
    *("DYLD_FRAMEWORK_PATH", "DYLD_FALLBACK_FRAMEWORK_PATH"),
)
OBJECTS = ("LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES")


def kept_from_here(env: Mapping[str, str]) -> dict[str, str] | None:
    """The variables to start with once more; None where none leads to the working directory."""
    found = {name: value for name in VARIABLES if (value := env.get(name)) and _narrowed(name, value) != value}
    if not found:
        return None
    fresh = {name: value for name, value in env.items() if name not in found}
    for name, value in found.items():
        fresh[GIVEN + name] = value
        if narrowed := _narrowed(name, value):
            fresh[name] = narrowed
    return fresh


def given(env: Mapping[str, str]) -> dict[str, str]:
    """The variables as they were at the first start."""
    before = {name.removeprefix(GIVEN): value for name, value in env.items() if name.startswith(GIVEN)}
    return {**{name: value for name, value in env.items() if not name.startswith(GIVEN)}, **before}


def _narrowed(name: str, value: str) -> str:
    """A value without the elements that mean another place after every `cd`."""
    separators = " :" if name in OBJECTS else ":;"
    elements = value.translate(str.maketrans(separators, "::")).split(":")
    kept = [element for element in elements if _is_fixed(element) or (name in OBJECTS and "/" not in element)]
    return value if kept == elements else ":".join(filter(None, kept))


def _is_fixed(element: str) -> bool:
    """Whether an element is absolute or depends on the program alone; /proc/self/cwd is neither."""
    if element.partition("/")[0] in ("$ORIGIN", "${ORIGIN}"):
        return True
    plain = f"{os.path.normpath(element)}/"
    return element.startswith("/") and not plain.startswith(("/proc/", "//proc/"))
