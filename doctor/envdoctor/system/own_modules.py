"""envdoctor's own modules are found by their names, and their compiled code is read at once.

Python's own way looks for seven files where there is one, and takes the path of the compiled code apart twice: a tenth
of a run, which imports more than two hundred modules. Here nothing is looked for that cannot be there. Whatever is not
as usual (code that is missing, older than its source, checked by a hash or compiled elsewhere) is left to Python.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import MAGIC_NUMBER
from types import CodeType, ModuleType

OURS = ("envdoctor.", "envdoctor_checks.")
HEADER = 16
BY_TIME = bytes(4)
"""What stands behind the magic number of code that is compared with the time and the size of its source."""


class OwnLoader(SourceFileLoader):
    """Loads a module of ours from its compiled code."""

    def get_code(self, fullname: str) -> CodeType | None:
        """The code of the module, in Python's own way where it has not been compiled as usual."""
        return _compiled(self.path) or super().get_code(fullname)


class OwnModules:
    """Finds the modules of our packages; all others are found by others."""

    def __init__(self) -> None:
        self._names: dict[str, frozenset[str]] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where a module is; None where that is not as usual."""
        del target
        if path is None or len(path) != 1 or not fullname.startswith(OURS):
            return None
        [directory] = path
        name = fullname.rpartition(".")[2]
        names = self._in(directory)
        package = f"{directory}/{name}"
        if name in names:
            return _spec(fullname, f"{package}/__init__.py", package) if "__init__.py" in self._in(package) else None
        return _spec(fullname, f"{package}.py") if f"{name}.py" in names else None

    def _in(self, directory: str) -> frozenset[str]:
        """The names in a directory, listed once."""
        if directory not in self._names:
            try:
                self._names[directory] = frozenset(os.listdir(directory))
            except OSError:
                self._names[directory] = frozenset()
        return self._names[directory]


def install() -> None:
    """Find our modules this way from now on."""
    if sys.pycache_prefix is None and not sys.flags.optimize:
        sys.meta_path.insert(0, OwnModules())


def _spec(name: str, source: str, package: str | None = None) -> ModuleSpec:
    spec = ModuleSpec(name, OwnLoader(name, source), origin=source, is_package=package is not None)
    spec.has_location = True
    spec.cached = _cached(source)
    if package is not None:
        spec.submodule_search_locations = [package]
    return spec


def _cached(source: str) -> str:
    directory, _, file = source.rpartition("/")
    return f"{directory}/__pycache__/{file[:-3]}.{sys.implementation.cache_tag}.pyc"


def _compiled(source: str) -> CodeType | None:
    """The code that a source has been compiled to; None where that is not certain."""
    try:
        with open(_cached(source), "rb", buffering=0) as file:
            data = file.read()
        status = os.stat(source)
    except OSError:
        return None
    written = (int(status.st_mtime) & 0xFFFFFFFF, status.st_size & 0xFFFFFFFF)
    header = b"".join((MAGIC_NUMBER, BY_TIME, *(number.to_bytes(4, "little") for number in written)))
    if data[:HEADER] != header:
        return None
    try:
        code = marshal.loads(memoryview(data)[HEADER:])  # noqa: S302 - as Python does, from the same file
    except (EOFError, TypeError, ValueError):
        return None
    return code if isinstance(code, CodeType) and code.co_filename == source else None
