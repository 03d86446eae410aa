"""Would the extension modules of the session's Python load?

There may be thousands: without `--deep` only those are looked into that are known to need libraries of the system.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterator
from functools import cache

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.libraries.known_needs import EXTENSIONS, PLAIN
from envdoctor.facts.libraries.libstdcxx import LibstdcxxChoice
from envdoctor.facts.libraries.opened_libraries import UnopenedLibrary, installed, unopened
from envdoctor.facts.libraries.undefined_symbols import SymbolSearch, UndefinedSymbol
from envdoctor.facts.loader.conflicts import Clash, Effect, version_clashes
from envdoctor.facts.loader.library_path import PRELOAD, VARIABLE
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.distributions import sites
from envdoctor.facts.python.interpreter import Interpreter
from envdoctor.system.files import Unreadable
from envdoctor.system.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:  # loaded when modules are looked into
    from envdoctor.facts.loader.elf import ElfObject
    from envdoctor.facts.loader.glibc import Loader
    from envdoctor.facts.loader.process import Process

MOST_MODULES = 20_000
MOST_SHOWN = 20
STEP = 50
# they come with the graphics driver: a machine without such a card has none of them, and needs none
DRIVER = ("libcuda.so", "libnvidia-", "libnvcuvid.so", "libcudadebugger.so", "libamdhip64.so", "libze_loader.so")


class Unloadable(Fact, frozen=True):
    """One reason for which extension modules do not load.

    Attributes:
        soname: the library that is the reason.
        file: the file that is taken for it; None where none is found.
        detail: what is wrong with it: `is not found`, `lacks the version GLIBC_2.38`.
        modules: the modules that need it, as far as they are listed.
        count: how many there are.
    """

    soname: str
    file: str | None
    detail: str
    modules: tuple[str, ...]
    count: int


class Skipped(Fact, frozen=True):
    """A file that has the name of an extension module and is none: file and reason."""

    path: str
    reason: str


class ExtensionModules(Fact, frozen=True):
    """What came of looking into extension modules of the session's Python.

    Attributes:
        directories: where they were looked for.
        count: how many were looked into.
        unloadable: why some would not load, the most frequent reason first.
        skipped: files that could not be read, as far as they are listed.
        unopened: libraries that known packages open by their names and do not find.
        undefined: symbols that modules use and nothing defines; not sought where only known modules are looked into and
            no variable gives the loader other libraries.
        known_only: whether only those were looked into that are known to need libraries of the system.
    """

    directories: tuple[str, ...]
    count: int
    unloadable: tuple[Unloadable, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    unopened: tuple[UnopenedLibrary, ...] = ()
    undefined: tuple[UndefinedSymbol, ...] = ()
    known_only: bool = False


@probe
def probe_extension_modules(
    session: Session, active: ActivePython, libstdcxx: LibstdcxxChoice | None
) -> ExtensionModules:
    """Follow the loader for each extension module, as `import` would have it loaded. Nothing is loaded."""
    directories = tuple(dict.fromkeys(active.interpreter.site_packages))
    known_only = not session.deep and not (libstdcxx and libstdcxx.is_older)
    known = tuple(known_modules(directories, active.interpreter.extension_suffix)) if known_only else ()
    opening = tuple(installed(directories))
    if known_only and not known and not opening:
        raise Unavailable(
            "all extension modules are looked into with `--deep`; none is here that is known to need more"
        )
    from envdoctor.facts.loader.loading import loading

    executable, loaders = active.interpreter.executable, loading(session)
    loader = loaders.here(executable)
    base = loaders.start(loader, executable)
    if base is None:
        raise Unavailable(f"{executable} is not started by the system's loader")
    modules = known if known_only else tuple(extension_modules(active.interpreter))
    beside = cache(lambda: frozenset(name for directory in directories for _, name in _files(directory)))
    others = cache(lambda: tuple(path for directory in directories for path, _ in _files(directory)))
    disturbed = any(session.env.get(name) for name in (VARIABLE, PRELOAD))
    symbols = SymbolSearch(loaders, executable, others) if disturbed or not known_only else None
    reasons: dict[tuple[str, str | None, str], list[str]] = {}
    skipped: list[Skipped] = []
    for number, module in enumerate(modules):
        if number % STEP == 0:
            session.progress("extension modules", number, len(modules))
        if unusable := _unusable(loaders.files.look(module), base):
            skipped.append(Skipped(module, unusable))
            continue
        clashes = _clashes(loader, base, module, beside)
        for clash in clashes:
            reasons.setdefault((clash.soname, clash.file, clash.detail), []).append(module)
        if symbols and not clashes and is_importable(module):
            symbols.look(module)
    session.progress("extension modules", len(modules), len(modules))
    unloadable = [Unloadable(*reason, tuple(found[:MOST_SHOWN]), len(found)) for reason, found in reasons.items()]
    unloadable.sort(key=lambda reason: (-reason.count, reason.soname, reason.detail))
    missing = unopened(loader, base, active.interpreter, opening)
    listed = tuple(skipped[:MOST_SHOWN])
    undefined = symbols.found(sites(session), directories) if symbols else ()
    return ExtensionModules(
        directories, len(modules), tuple(unloadable), listed, missing, undefined, known_only=known_only
    )


def _unusable(elf: ElfObject | str | None, base: Process) -> str | None:
    """Why a file cannot be loaded into this process, by what it says itself."""
    if elf is None or isinstance(elf, str):
        return elf or "cannot be opened"
    if elf.architecture != base.program.elf.architecture:
        return f"for another machine ({elf.machine}, {elf.bits} bit)"
    return None


def _clashes(loader: Loader, base: Process, module: str, beside: Callable[[], frozenset[str]]) -> list[Clash]:
    """What keeps a module from loading; nothing for a file that nobody imports."""
    process = base.fork()
    loader.open(process, module)
    new = process.objects[len(base.objects) :]
    failures = process.failures[len(base.failures) :]
    found = [clash for clash in version_clashes(process, None, new, failures) if _counts(clash, beside)]
    return found if found and (is_importable(module) or module.endswith(PLAIN)) else []


def _counts(clash: Clash, beside: Callable[[], frozenset[str]]) -> bool:
    """Whether it keeps a module from loading: what lies elsewhere in the environment is loaded by its package first."""
    if clash.effect is not Effect.BREAKS or clash.soname.startswith(DRIVER):
        return False
    return clash.file is not None or os.path.basename(clash.soname) not in beside()


def known_modules(directories: tuple[str, ...], suffix: str | None) -> Iterator[str]:
    """The modules of packages that are known to need libraries of the system, as this interpreter imports them."""
    for directory in directories:
        try:
            names = frozenset(os.listdir(directory))
        except OSError:
            continue
        for pattern in EXTENSIONS:
            top, _, below = pattern.partition("/")
            if top in names or (not below and any(name.startswith(top.partition("*")[0]) for name in names)):
                found = sorted(glob.glob(f"{glob.escape(directory)}/{pattern}"))
                yield from (path for path in found if is_extension(os.path.basename(path), suffix))
        yield from (f"{directory}/{path}" for path in PLAIN if os.path.isfile(f"{directory}/{path}"))


def extension_modules(interpreter: Interpreter) -> Iterator[str]:
    """The extension modules that this interpreter would import."""
    left = MOST_MODULES
    for directory in dict.fromkeys(interpreter.site_packages):
        for path, name in _files(directory):
            if left and is_extension(name, interpreter.extension_suffix):
                left -= 1
                yield path


def is_extension(name: str, suffix: str | None) -> bool:
    """Whether a file is named as an extension module that this interpreter imports."""
    stem, *tags = name.split(".")
    if tags == ["so"]:
        return not stem.startswith("lib")
    return tags == ["abi3", "so"] or (suffix is not None and name == stem + suffix)


def is_importable(path: str) -> bool:
    """Whether a file is a module by its symbols: plug-ins and helper libraries have no function to initialise one."""
    from envdoctor.facts.loader.symbols import Wanted, read_symbols

    name = os.path.basename(path).partition(".")[0]
    try:
        symbols = read_symbols(path)
    except Unreadable:
        return False
    return symbols.provide(Wanted(f"PyInit_{name}")) or symbols.provide(Wanted(f"init{name}"))


def _files(directory: str) -> Iterator[tuple[str, str]]:
    """Path and name of every shared object below a directory. Links to directories are not followed."""
    waiting = [directory]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "__pycache__":
                    waiting.append(entry.path)
            elif ".so" in entry.name:
                yield entry.path, entry.name
