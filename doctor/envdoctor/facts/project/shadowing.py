"""Which files of the user's take the place of a standard module, or of an installed package, just by their name?

`python -c`, `python -m` and an interactive `python` look into the working directory before anything else, and every
Python looks into the directories of `PYTHONPATH` before its own library.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.project.pyproject import Pyproject
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.distributions import Sites, normalised, sites
from envdoctor.facts.python.interpreters import Interpreter
from envdoctor.system.session import Session

SAFE_PATH = "PYTHONSAFEPATH"
SAFE_PATH_SINCE = (3, 11, 0)
MOST_ENTRIES = 5000
WHOLE_LIBRARY = 20  # so many standard modules in one place are another Python's library
HERE = "the working directory"
INITIAL = "__init__.py"
PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg")
# Nobody's program imports the first ones, and the others are loaded, or frozen, before any of the user's files counts.
HARMLESS = frozenset(
    ("test", "idlelib", "turtledemo", "this", "antigravity", "lib2to3", "site-packages", "dist-packages")
)
LOADED_FIRST = frozenset(
    (
        *("abc", "codecs", "encodings", "genericpath", "importlib", "io", "ntpath", "os", "posixpath", "runpy", "site"),
        *("stat", "zipimport", "_collections_abc", "_sitebuiltins", "__future__", "__hello__", "__phello__"),
    )
)
HARMLESS |= LOADED_FIRST
# Names that half of all projects use for files of their own, and some packages install by mistake.
COMMON = frozenset(
    (
        *("app", "config", "conftest", "constants", "docs", "example", "examples", "main", "manage", "noxfile"),
        *("scripts", "settings", "setup", "src", "tasks", "test", "tests", "tools", "types", "utils", "version"),
    )
)


class LocalModule(Fact, frozen=True):
    """A file or directory of the user's that hides a module.

    Attributes:
        name: of the module.
        path: the file, or the package's directory.
        hides: the file or directory that is hidden.
    """

    name: str
    path: str
    hides: str


class ModulePlace(Fact, frozen=True):
    """A directory that is searched before the library.

    Attributes:
        directory: the directory.
        origin: `the working directory` or `PYTHONPATH`.
        is_package: whether it is itself a package, whose modules are meant to be imported through it.
        standard: what in it hides a standard module.
        installed: what in it hides an installed package.
    """

    directory: str
    origin: str
    is_package: bool = False
    standard: tuple[LocalModule, ...] = ()
    installed: tuple[LocalModule, ...] = ()


class LocalModules(Fact, frozen=True):
    """The directories that are searched before the library, and what in them hides a module of it."""

    places: tuple[ModulePlace, ...] = ()


@probe
def probe_local_modules(session: Session, active: ActivePython, pyproject: Pyproject | None) -> LocalModules:
    """Compare names: those of the files in these directories with those of the library and the installed packages."""
    python = active.interpreter
    searched = {os.path.realpath(entry) for entry in python.sys_path}
    standard = modules((python.stdlib, f"{python.stdlib}/lib-dynload"))
    standard = {name: path for name, path in standard.items() if name not in HARMLESS}
    installed = modules(python.site_packages)
    recorded = partial(_recorded, sites(session), python.site_packages)
    places = []
    for directory, origin in _places(session, python):
        if os.path.realpath(directory) in searched:
            continue  # part of the library itself
        local = modules((directory,))
        if len(local.keys() & standard.keys()) < WHOLE_LIBRARY:
            places.append(_place(directory, origin, local, standard, installed, pyproject, recorded))
    return LocalModules(tuple(places))


def _place(
    directory: str,
    origin: str,
    local: dict[str, str],
    standard: dict[str, str],
    installed: dict[str, str],
    pyproject: Pyproject | None,
    recorded: Callable[[str], Iterable[str]],
) -> ModulePlace:
    """What in a directory hides something. What `PYTHONPATH` has besides the library was put there on purpose."""
    mine = _own_names(directory, local, pyproject, recorded)
    strangers = {name: path for name, path in local.items() if name not in mine | COMMON}
    return ModulePlace(
        directory,
        origin,
        INITIAL in _listed(directory),
        tuple(_hidden({name: path for name, path in local.items() if not _is_named(name, pyproject)}, standard)),
        tuple(_hidden(strangers, installed)) if origin == HERE else (),
    )


def _is_named(name: str, pyproject: Pyproject | None) -> bool:
    """Whether this is the module that the project is about."""
    return pyproject is not None and pyproject.name is not None and normalised(pyproject.name) == normalised(name)


def _places(session: Session, python: Interpreter) -> Iterator[tuple[str, str]]:
    is_safe = session.env.get(SAFE_PATH) and python.version >= SAFE_PATH_SINCE
    if session.cwd and not is_safe:
        yield session.cwd, HERE
    for element in session.env.get("PYTHONPATH", "").split(os.pathsep):
        if os.path.isabs(element) and element != session.cwd:
            yield element, "PYTHONPATH"


def modules(directories: Iterable[str]) -> dict[str, str]:
    """The modules and packages in these directories, by name, with their paths; the first of a name wins.

    A directory without `__init__.py` hides nothing: whatever else has its name is taken before it.
    """
    found: dict[str, str] = {}
    for directory in directories:
        for entry in _listed(directory):
            stem, dot, ending = entry.partition(".")
            path = os.path.join(directory, entry)
            if stem.isidentifier() and (ending == "py" or ending.endswith("so") or (not dot and _is_package(path))):
                found.setdefault(stem, path)
    return found


def _is_package(path: str) -> bool:
    return os.path.isfile(os.path.join(path, INITIAL))


def _listed(directory: str) -> list[str]:
    try:
        return sorted(os.listdir(directory))[:MOST_ENTRIES]
    except OSError:
        return []


def _own_names(
    directory: str, local: dict[str, str], pyproject: Pyproject | None, recorded: Callable[[str], Iterable[str]]
) -> set[str]:
    """What a project may call its own: the module of its name, what it installs, any package beside its files."""
    if not any(os.path.isfile(os.path.join(directory, file)) for file in PROJECT_FILES):
        return set()
    named = normalised(pyproject.name) if pyproject and pyproject.name else None
    installed = {*recorded(named)} if named else set(local)
    return {n for n, path in local.items() if os.path.isdir(path) or n in installed or normalised(n) == named}


def _recorded(known: Sites, site_packages: Iterable[str], project: str) -> Iterator[str]:
    """The modules that a project has installed, as the records of it say; their names are its own affair."""
    for directory in site_packages:
        for package in known.directory(directory).distributions:
            if package.name == project:
                yield from (file.path.partition("/")[0].partition(".")[0] for file in known.listed_files(package))


def _hidden(local: dict[str, str], others: dict[str, str]) -> Iterator[LocalModule]:
    for name in sorted(local.keys() & others.keys()):
        if os.path.realpath(local[name]) != os.path.realpath(others[name]):
            yield LocalModule(name, local[name], others[name])
