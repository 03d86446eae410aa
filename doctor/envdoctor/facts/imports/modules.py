"""What has a module's name in one place of the search path, by the rules of the Python that would import it."""

from __future__ import annotations

import enum
import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact
from envdoctor.facts.python.interpreter import Interpreter
from envdoctor.system.files import Unreadable, open_regular
from envdoctor.system.unread import note

INITIAL = "__init__"
LARGEST_ARCHIVE = 200_000_000
MOST_ENTRIES = 50_000


class Kind(enum.Enum):
    """What a module is made of."""

    PACKAGE = "package"
    MODULE = "module"
    EXTENSION = "extension module"
    COMPILED = "compiled file without its source"
    NAMESPACE = "directory without __init__.py"
    BUILT_IN = "built into the interpreter"


class Module(Fact, frozen=True):
    """A module, as it lies there.

    Attributes:
        kind: what it is made of.
        path: its file; of a namespace package the first of its directories; None for one inside the interpreter.
        inside: where its submodules are looked for, in order; nowhere if it is no package.
    """

    kind: Kind
    path: str | None = None
    inside: tuple[str, ...] = ()


class Rules:
    """The endings of files that a Python imports, in its order."""

    def __init__(self, python: Interpreter) -> None:
        self.has_namespaces = python.version >= (3, 3, 0)
        extensions = [python.extension_suffix] if python.extension_suffix else []
        if python.version < (3, 0, 0):
            extensions += [".so", "module.so"]
        else:
            # a Python without the global lock has another stable interface
            extensions += [".so"] if python.free_threaded or python.implementation != "cpython" else [".abi3.so", ".so"]
        self.extensions = tuple(dict.fromkeys(extensions))
        self.endings = (*self.extensions, ".py", ".pyc")
        self.initial = self.endings if python.version >= (3, 0, 0) else (".py", ".pyc")

    def find(self, place: str, name: str) -> Module | None:
        """The module of this name in a directory or an archive; None if there is none."""
        if os.path.isdir(place):
            return self._in_directory(place, name)
        archive = _archive_of(place)
        found = _in_archive(*archive, name) if archive else None
        return None if found and found.kind is Kind.NAMESPACE and not self.has_namespaces else found

    def _in_directory(self, place: str, name: str) -> Module | None:
        base = os.path.join(place, name)
        is_directory = os.path.isdir(base)
        if is_directory:
            for ending in self.initial:
                if os.path.isfile(file := os.path.join(base, f"{INITIAL}{ending}")):
                    return Module(Kind.PACKAGE, file, (base,))
        for ending in self.endings:
            if os.path.isfile(f"{base}{ending}"):
                return Module(self._kind(ending), f"{base}{ending}")
        return Module(Kind.NAMESPACE, base, (base,)) if is_directory and self.has_namespaces else None

    def _kind(self, ending: str) -> Kind:
        if ending in self.extensions:
            return Kind.EXTENSION
        return Kind.MODULE if ending == ".py" else Kind.COMPILED

    def at(self, path: str) -> Module | None:
        """The module at a path without an ending, or at a file, as an editable install maps a name to it."""
        if os.path.isfile(path):
            package = os.path.basename(path).partition(".")[0] == INITIAL
            return Module(Kind.PACKAGE if package else Kind.MODULE, path, (os.path.dirname(path),) if package else ())
        return self._in_directory(*os.path.split(path))


def names_in(place: str) -> Iterator[str]:
    """The names that something in a directory has: what might be meant by a misspelt one."""
    try:
        with os.scandir(place) as entries:
            for number, entry in enumerate(entries):
                if number >= MOST_ENTRIES:
                    return
                stem, dot, ending = entry.name.partition(".")
                if stem.isidentifier() and (ending.endswith(("py", "so")) or (not dot and entry.is_dir())):
                    yield stem
    except (OSError, ValueError):
        return


def _archive_of(place: str) -> tuple[str, str] | None:
    """The file and the place in it, of a path that leads into an archive."""
    file, inside = place, ""
    while not os.path.exists(file):
        file, part = os.path.split(file)
        if not part:
            return None
        inside = f"{part}/{inside}"
    return (file, inside) if os.path.isfile(file) else None


def _in_archive(file: str, inside: str, name: str) -> Module | None:
    """As zipimport looks: packages first, what is compiled before its source, no extension modules."""
    listed = _listed(file)
    base = f"{inside}{name}"
    for ending in (".pyc", ".py"):
        if f"{base}/{INITIAL}{ending}" in listed:
            return Module(Kind.PACKAGE, f"{file}/{base}/{INITIAL}{ending}", (f"{file}/{base}",))
    for ending in (".pyc", ".py"):
        if f"{base}{ending}" in listed:
            return Module(Kind.COMPILED if ending == ".pyc" else Kind.MODULE, f"{file}/{base}{ending}")
    return Module(Kind.NAMESPACE, f"{file}/{base}", (f"{file}/{base}",)) if f"{base}/" in listed else None


def _listed(file: str) -> frozenset[str]:
    """What an archive holds; nothing where it is none."""
    import zipfile

    try:
        with open_regular(file) as descriptor:
            if os.fstat(descriptor).st_size > LARGEST_ARCHIVE:
                note(file, f"larger than {LARGEST_ARCHIVE:,} bytes")
                return frozenset()
            with open(descriptor, "rb", closefd=False) as opened, zipfile.ZipFile(opened) as archive:
                return frozenset(archive.namelist())
    except (Unreadable, zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeError, RuntimeError):
        return frozenset()
