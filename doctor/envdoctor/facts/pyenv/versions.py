"""Which Python does pyenv select here, and what does one of its shims run?

Answered from files, as `pyenv` 2.6 itself answers: a shim takes 80 ms to start, this takes less than one. The order is
`PYENV_VERSION`, the nearest `.python-version` (from `PYENV_DIR`, else the working directory, upward), `<root>/version`,
and then the system's Python.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Callable, Iterable, Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.pyenv.shims import read_shim
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.system.files import Unreadable, read_bytes
from envdoctor.system.session import Session
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

SYSTEM = "system"
VARIABLE = "PYENV_VERSION"
# what `pyenv latest` leaves out: libexec/pyenv-latest of pyenv 2.6.30
PRE_RELEASE = pattern(r"-dev$|-src$|-latest$|(a|b|rc)[0-9]+$")
NUMBERS = pattern(r"\d+\.\d+(?:\.\d+)?")
OWN_DEFINITIONS = ("PYTHON_BUILD_ROOT", "PYTHON_BUILD_DEFINITIONS")
FREE_THREADED = pattern(r"[0-9]t$")


class Pin(Fact, frozen=True):
    """One version that is asked for.

    Attributes:
        text: the word as it stands: `3.11`, `python-3.11.7`, `system`, `myenv`.
        version: the directory below `versions/` that it selects, or `system`; None if nothing installed fits.
        line: where the word stands in the file; None for a variable.
    """

    text: str
    version: str | None
    line: int | None = None


class Selection(Fact, frozen=True):
    """What pyenv selects in the working directory.

    Attributes:
        pins: the versions that are asked for, in order; none means the system's Python.
        origin: the file that asks for them, or `PYENV_VERSION`.
        ignored: words that pyenv refuses because they lead out of `versions/`, or to no environment inside it.
        problem: why pyenv selects nothing at all: its directory is gone.
    """

    pins: tuple[Pin, ...]
    origin: str
    ignored: tuple[str, ...] = ()
    problem: str | None = None

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions that will be searched, in order, as `pyenv version-name` prints them."""
        return tuple(pin.version for pin in self.pins if pin.version) if self.pins else (SYSTEM,)

    @property
    def missing(self) -> tuple[str, ...]:
        """The words that select nothing."""
        return tuple(pin.text for pin in self.pins if pin.version is None)


class PyenvRoot(Fact, frozen=True):
    """One pyenv: the directory that holds its shims and versions.

    Attributes:
        root: the directory, as spelled where it was found.
        origin: where it was found: `PYENV_ROOT`, `HOME`, or `PATH`.
        installed: the names below `versions/`, sorted.
        selection: what it selects in the working directory.
        has_virtualenv: whether it has the plugin that makes virtual environments under its versions.
        unknown: the numbers that are asked for, are not installed, and that this pyenv is too old to install.
    """

    root: str
    origin: str
    installed: tuple[str, ...]
    selection: Selection
    has_virtualenv: bool = False
    unknown: tuple[str, ...] = ()

    @property
    def shims(self) -> str:
        """The directory of its shims."""
        return f"{self.root}/shims"


class Pyenv(Fact, frozen=True):
    """The pyenvs of the session; the first is the one that the command `pyenv` works with."""

    roots: tuple[PyenvRoot, ...]

    def at(self, root: str) -> PyenvRoot | None:
        """The pyenv at a root, by any spelling with or without a trailing slash."""
        wanted = os.path.normpath(root)
        return next((known for known in self.roots if os.path.normpath(known.root) == wanted), None)


class ShimTarget(Fact, frozen=True):
    """What a shim runs.

    Attributes:
        path: the file that is run in the end, unresolved; None if nothing is.
        version: the version that it belongs to; `system` if the shim fell through to the search path behind it.
        problem: why nothing is run.
    """

    path: str | None = None
    version: str | None = None
    problem: str | None = None


@probe
def probe_pyenv(session: Session, search_path: SearchPath) -> Pyenv:
    """Find the pyenvs of this session, and read what each selects."""
    found: dict[str, PyenvRoot] = {}
    for root, origin in _candidates(session, search_path):
        if os.path.isdir(root):
            found.setdefault(os.path.realpath(root), examine(session, root, origin))
    if not found:
        raise Unavailable("pyenv is not installed")
    return Pyenv(tuple(found.values()))


def _candidates(session: Session, search_path: SearchPath) -> Iterator[tuple[str, str]]:
    if chosen := session.env.get("PYENV_ROOT"):
        yield chosen.removesuffix("/"), "PYENV_ROOT"
    elif session.home:
        yield f"{session.home}/.pyenv", "HOME"
    for entry in search_path.entries:
        for python in ("python", "python3"):  # a link may lead to the shim from anywhere
            path = os.path.realpath(f"{entry.directory}/{python}")
            if os.path.basename(os.path.dirname(path)) == "shims" and (shim := read_shim(path)):
                yield shim.root, "PATH"


def examine(session: Session, root: str, origin: str) -> PyenvRoot:
    """What is installed in this root, and what it selects in the session."""
    try:
        with os.scandir(f"{root}/versions") as entries:
            installed = tuple(sorted(entry.name for entry in entries if entry.is_dir()))
    except OSError:
        installed = ()
    plugin = "PYENV_VIRTUALENV_INIT" in session.env or os.path.isdir(f"{root}/plugins/pyenv-virtualenv")
    selection = _select(session, root, installed)
    return PyenvRoot(root, origin, installed, selection, plugin, _unknown(session, root, selection.missing))


def _unknown(session: Session, root: str, missing: tuple[str, ...]) -> tuple[str, ...]:
    """Those of these words that are numbers and that `pyenv install` refuses: `definition not found`.

    Where pyenv came with a package manager, its definitions lie elsewhere: then nobody can tell.
    """
    wanted = [word for word in missing if NUMBERS.fullmatch(word)]
    definitions = f"{root}/plugins/python-build/share/python-build"
    if not wanted or not os.path.isdir(definitions) or any(session.env.get(name) for name in OWN_DEFINITIONS):
        return ()
    known = {os.path.basename(path) for path in glob.glob(f"{glob.escape(root)}/plugins/*/share/python-build/*")}
    return tuple(word for word in wanted if not any(name == word or name.startswith(f"{word}.") for name in known))


def what_runs(pyenv: PyenvRoot, command: str, behind: Callable[[str], str | None]) -> ShimTarget:
    """What this root's shim for a command runs. `behind` searches the rest of the search path for a command.

    A pin that is not installed is passed over, and so is a version that lacks the command: in the end the shim falls
    through to whatever the search path has behind it, silently.
    """
    selection = pyenv.selection
    if selection.problem:
        return ShimTarget(problem=selection.problem)
    for version in (*selection.versions, SYSTEM):
        path = behind(command) if version == SYSTEM else f"{pyenv.root}/versions/{version}/bin/{command}"
        if path and os.access(path, os.X_OK):
            return ShimTarget(path, version)
    if selection.missing:
        return ShimTarget(problem=f"pyenv version {selection.missing[0]} is not installed (set by {selection.origin})")
    return ShimTarget(problem=f"the pyenv version {':'.join(selection.versions)} has no command {command}")


def _select(session: Session, root: str, installed: tuple[str, ...]) -> Selection:
    here = _logical_directory(session)
    start = os.path.normpath(os.path.join(here, session.env.get("PYENV_DIR") or ""))
    versions = f"{root}/versions"
    if not here or not os.path.isdir(start):
        gone = f"PYENV_DIR, {start}" if session.env.get("PYENV_DIR") else "the working directory"
        return Selection((), f"{root}/version", problem=f"pyenv cannot work in {gone}: it does not exist")
    if asked := session.env.get(VARIABLE):
        words = asked.split(":")
        return Selection(tuple(Pin(word, _resolve(word, versions, installed)) for word in words if word), VARIABLE)
    file = _version_file((start, here)) or f"{root}/version"
    safe, unsafe = [], []
    for line, word in _words(file):
        if _is_safe(word, versions):
            safe.append(Pin(word, _resolve(word, versions, installed), line))
        else:
            unsafe.append(word)
    return Selection(tuple(safe), file, tuple(unsafe))


def _logical_directory(session: Session) -> str:
    """The working directory as bash sees it: `PWD` where it is right, so that links on the way are kept."""
    logical, physical = session.env.get("PWD", ""), session.cwd or ""
    try:
        return logical if os.path.isabs(logical) and os.path.samefile(logical, physical) else physical
    except OSError:
        return physical


def _version_file(starts: Iterable[str]) -> str | None:
    for start in starts:
        directory = start.rstrip("/")
        while not os.path.isfile(f"{directory}/.python-version"):
            if not directory:
                break
            directory = directory.rpartition("/")[0]
        else:
            return f"{directory}/.python-version"
    return None


def _words(file: str) -> Iterator[tuple[int, str]]:
    """Line and first word of each line, as bash's `read` takes them: null bytes gone, carriage returns are blanks."""
    try:
        content = read_bytes(file, limits.PINS).decode("utf-8", "surrogateescape").replace("\0", "")
    except Unreadable:
        return
    for number, line in enumerate(content.split("\n"), 1):
        words = re.split(r"[ \t\r]+", line.strip(" \t\r"), maxsplit=1)
        if words[0] and not words[0].startswith("#"):
            yield number, words[0]


def _is_safe(word: str, versions: str) -> bool:
    """Whether pyenv accepts the word: one with a slash must be a directory below `versions/`."""
    if word != ".." and "/" not in word:
        return True
    place = os.path.normpath(f"{versions}/{word}")
    return os.path.isdir(place) and place.startswith(f"{os.path.normpath(versions)}/")


def _resolve(word: str, versions: str, installed: tuple[str, ...]) -> str | None:
    """The installed version that a word selects."""
    plain = word.removeprefix("python-")
    for name in (word, plain):
        if name == SYSTEM == word or os.path.isdir(f"{versions}/{name}"):
            return name
    return latest(word, installed) or latest(plain, installed)


def latest(prefix: str, installed: Iterable[str]) -> str | None:
    """The newest of the versions that start with a prefix and a dot or hyphen; pre-releases only if named in full.

    A `t` at the end of the prefix asks for free-threaded builds, which are passed over otherwise.
    """
    suffix = ""
    if FREE_THREADED.search(prefix):
        prefix, suffix = prefix[:-1], "t"
    fitting = [
        version
        for version in installed
        if version.startswith((f"{prefix}.", f"{prefix}-"))
        and version.endswith(suffix)
        and not PRE_RELEASE.search(version)
        and (suffix or not FREE_THREADED.search(version))
    ]
    return max(sorted(fitting), key=_age, default=None)


def _age(version: str) -> tuple[str, int, int, int]:
    """What pyenv sorts by: the first field as text, the next three as numbers. `miniconda3-4.7` has its own fields."""
    if named := re.match(r"[A-Za-z0-9]+-", version):
        version = f"{named[0][:-2]}.{version[named.end() :]}"
    first, *rest = version.split(".")
    numbers = [int(number[0]) if (number := re.match(r"[0-9]+", field)) else 0 for field in [*rest, "", "", ""]]
    return first, numbers[0], numbers[1], numbers[2]
