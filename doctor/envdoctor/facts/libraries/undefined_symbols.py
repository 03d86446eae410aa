"""Does an extension module use a symbol that nothing defines? Then its import ends, since Python binds all at once.

A symbol counts only if a relocation refers to it, as for the loader itself. In doubt nothing is said: where a file
cannot be read, where a library is not found at all, and where another library of the environment defines the symbol,
which its package may load first and for everyone (RTLD_GLOBAL).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence

import msgspec

from envdoctor.engine.fact import Fact
from envdoctor.facts.loader.conflicts import SymbolTables
from envdoctor.facts.loader.library_path import VARIABLE
from envdoctor.facts.python.distributions import Sites

TYPE_CHECKING = False
if TYPE_CHECKING:  # loaded when modules are looked into
    from envdoctor.facts.loader.glibc import Loader
    from envdoctor.facts.loader.loading import Loading
    from envdoctor.facts.loader.process import Mapped, Process
    from envdoctor.facts.loader.symbols import Symbols, Wanted

MOST_OTHERS = 5_000
MOST_SHOWN = 20


class UndefinedSymbol(Fact, frozen=True):
    """A symbol that nothing defines, and the modules that do not load because of it.

    Attributes:
        symbol: its name, with its version if it has one: `EVP_KDF_ctrl, version OPENSSL_1_1_1b`.
        user: the file that uses it: a module, or a library that one needs.
        modules: the modules, as far as they are listed.
        count: how many there are.
        package: the installed package that the first module belongs to; None if no record names it.
        brought: directories of `LD_LIBRARY_PATH` without which it would be defined.
    """

    symbol: str
    user: str
    modules: tuple[str, ...]
    count: int
    package: str | None = None
    brought: tuple[str, ...] = ()


class SymbolSearch:
    """Looks into one module after the other.

    Args:
        loaders: the loaders of the session.
        executable: the Python.
        others: further libraries that may be loaded beside a module.
    """

    def __init__(self, loaders: Loading, executable: str, others: Callable[[], Iterable[str]]) -> None:
        self._loaders = loaders
        self._executable = executable
        self._others = others
        self._tables, self._clean_tables = SymbolTables(), SymbolTables()
        self._found: dict[tuple[str, str], list[str]] = {}
        self._brought: dict[tuple[str, str], tuple[str, ...]] = {}
        self._here = self._started(loaders.here(executable))
        self._clean: tuple[Loader, Process] | None = None

    def look(self, module: str) -> None:
        """Look whether a module uses what nothing defines."""
        if self._here is None or (opened := _opened(*self._here, module)) is None:
            return
        reason = undefined(*opened, self._tables)
        if reason is None:
            return
        brought = self._without_variable(module, opened[1])
        if not brought:  # a package whose libraries the loader finds by itself has no need to load them first
            reason = undefined(*opened, self._tables, self._others)
        if reason:
            self._found.setdefault(reason, []).append(module)
            self._brought.setdefault(reason, brought)

    def found(self, known: Sites, directories: tuple[str, ...]) -> tuple[UndefinedSymbol, ...]:
        """What was found, the most frequent first."""
        made = [
            UndefinedSymbol(*reason, tuple(modules[:MOST_SHOWN]), len(modules), None, self._brought[reason])
            for reason, modules in self._found.items()
        ]
        owned = [msgspec.structs.replace(one, package=_package(known, directories, one.modules[0])) for one in made]
        return tuple(sorted(owned, key=lambda one: (-one.count, one.symbol)))

    def _started(self, loader: Loader) -> tuple[Loader, Process] | None:
        process = self._loaders.start(loader, self._executable)
        return (loader, process) if process else None

    def _without_variable(self, module: str, new: Sequence[Mapped]) -> tuple[str, ...]:
        """The directories of the library path that the module's libraries come from, if it loads without them."""
        brought = tuple(dict.fromkeys(os.path.dirname(mapped.path) for mapped in new if mapped.how == VARIABLE))
        self._clean = self._clean or (self._started(self._loaders.clean(self._executable)) if brought else None)
        if not brought or self._clean is None or (opened := _opened(*self._clean, module)) is None:
            return ()
        return brought if undefined(*opened, self._clean_tables) is None else ()


def _package(known: Sites, directories: tuple[str, ...], module: str) -> str | None:
    return next((known.owner(place, module) for place in directories if module.startswith(f"{place}/")), None)


def undefined(
    process: Process, new: Sequence[Mapped], tables: SymbolTables, others: Callable[[], Iterable[str]] = tuple
) -> tuple[str, str] | None:
    """The first symbol that new objects of a process use and nothing defines, with its user.

    Args:
        process: the process with them.
        new: the objects that came with the module, the module first.
        tables: the symbols of files already looked at.
        others: further libraries that may be loaded before them; none, if left out.
    """
    known: list[Symbols] = []
    for mapped in process.objects:
        if (table := tables.look(mapped.path)) is None:
            return None
        known.append(table)
    for user in new:
        if user.path in tables.complete:  # a library that several modules need
            continue
        table = tables.look(user.path)
        for wanted in table.relocated if table else ():
            if (place := _place(wanted, known)) is not None:
                known.insert(0, known.pop(place))  # who defines one symbol often defines the next
            elif not _elsewhere(wanted, tables, others):
                return str(wanted), user.path
        tables.complete.add(user.path)
    return None


def _place(wanted: Wanted, known: Sequence[Symbols]) -> int | None:
    """The first of these that defines a symbol."""
    return next((place for place, table in enumerate(known) if table.provide(wanted)), None)


def _elsewhere(wanted: Wanted, tables: SymbolTables, others: Callable[[], Iterable[str]]) -> bool:
    for number, path in enumerate(others()):
        other = tables.look(path)
        if number >= MOST_OTHERS or other is None or other.provide(wanted):
            return True  # or nobody knows
    return False


def _opened(loader: Loader, base: Process, module: str) -> tuple[Process, Sequence[Mapped]] | None:
    """A process with a module in it, and what came with it; None where something is not found or cannot be loaded."""
    process = base.fork()
    loader.open(process, module)
    if len(process.failures) > len(base.failures):
        return None
    return process, process.objects[len(base.objects) :]
