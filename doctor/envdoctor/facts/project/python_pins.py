"""Which Python versions are pinned around the working directory, and for whom?

`.python-version` belongs to uv and to pyenv, which read it by different rules. uv's project commands take the one
beside the workspace's `pyproject.toml` alone; `uv venv` and pyenv take the nearest. Held against the real uv by
tests/facts/test_pins.py.
"""

from __future__ import annotations

import enum
import os
import re
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.project.project import Project
from envdoctor.facts.uv.variables import YES
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.session import Session
from envdoctor.text import limits

FILE = ".python-version"
SEVERAL = ".python-versions"

# the names and forms of a request: crates/uv-python/src/implementation.rs and discovery.rs, uv 0.13.9
IMPLEMENTATIONS = {"cp": "cpython", "pp": "pypy", "gp": "graalpy", "python": "cpython"}
KEY = r"(?i)(cpython|pypy|graalpy|pyodide)-(\d[\w.]*)(?:\+\w+)*-\w+-\w+-\w+"
NAMED = r"(?i)(cpython|python|pypy|graalpy|pyodide|cp|pp|gp)(?:[@-]?(\d.*)|@(.+))?"
VERSION = r"(\d+(?:\.\d+){0,2}(?:(?:a|b|rc)\d+)?)(?:t|d|td|\+\w+)?"
PACKED = r"([23])(\d{1,2})(t?)"
RANGE = r"(?:~=|==|!=|<=|>=|<|>)\s*\d[\w.*+!-]*(?:\s*,\s*(?:~=|==|!=|<=|>=|<|>)\s*\d[\w.*+!-]*)*"


class PinForm(enum.Enum):
    """What a line of a pin asks for."""

    VERSION = "a version"
    RANGE = "a range of versions"
    ANY = "any version"
    PATH = "a path"
    OTHER = "a name that only pyenv knows"


class PinScope(enum.Enum):
    """Where a pin stands."""

    PROJECT = "beside the project"
    INSIDE = "in a directory of the project"
    OUTSIDE = "above the project, or where there is none"
    GLOBAL = "in the user's configuration of uv"


class PythonPin(Fact, frozen=True):
    """One line of a pin.

    Attributes:
        text: the line, blanks around it gone.
        line: its number, from 1.
        form: what it asks for.
        version: a version of up to three numbers, or a specifier set; None for the other forms.
        implementation: the implementation that it names, `pypy`; None if it names none.
        absent: whether it is an absolute path at which nothing is.
    """

    text: str
    line: int
    form: PinForm
    version: str | None = None
    implementation: str | None = None
    absent: bool = False


class PinFile(Fact, frozen=True):
    """A file that pins versions of Python.

    Attributes:
        path: the file.
        scope: where it stands.
        pins: its lines without comments. The first is the version, what follows is for tox and pyenv.
        problem: why it cannot be read.
    """

    path: str
    scope: PinScope
    pins: tuple[PythonPin, ...] = ()
    problem: str | None = None

    @property
    def first(self) -> PythonPin | None:
        """The pin that counts where one version is wanted."""
        return next(iter(self.pins), None)

    def origin(self, pin: PythonPin) -> str:
        """The file, with the line of a pin."""
        return f"{self.path}:{pin.line}"


class PythonPins(Fact, frozen=True):
    """The pins around the working directory, nearest first, uv's global one last."""

    files: tuple[PinFile, ...]

    def of(self, scope: PinScope) -> PinFile | None:
        """The nearest file of a scope."""
        return next((file for file in self.files if file.scope is scope), None)

    @property
    def nearest(self) -> PinFile | None:
        """The one that `uv venv` takes outside a project, and that pyenv takes."""
        return next((file for file in self.files if file.scope is not PinScope.GLOBAL), None)


@probe
def probe_python_pins(session: Session, project: Project | None) -> PythonPins:
    """Read the pins from the working directory upwards, and uv's global one."""
    files = tuple(_look(path, scope) for path, scope in _places(session, project))
    if not files:
        raise Unavailable(f"there is no {FILE} here or above")
    return PythonPins(files)


def _places(session: Session, project: Project | None) -> Iterator[tuple[str, PinScope]]:
    directory, scope = session.cwd, PinScope.INSIDE if project else PinScope.OUTSIDE
    root = project and project.workspace_root
    while directory:
        here = PinScope.PROJECT if directory == root else scope
        names = (name for name in (FILE, SEVERAL) if os.path.lexists(os.path.join(directory, name)))
        if name := next(names, None):
            yield os.path.join(directory, name), here
        if directory == root:
            scope = PinScope.OUTSIDE
        parent = os.path.dirname(directory)
        directory = parent if parent != directory else None
    user = session.env.get("XDG_CONFIG_HOME") or (session.home and os.path.join(session.home, ".config"))
    if user and session.env.get("UV_NO_CONFIG", "").lower() not in YES:
        path = os.path.join(user, "uv", FILE)
        if os.path.lexists(path):
            yield path, PinScope.GLOBAL


def _look(path: str, scope: PinScope) -> PinFile:
    try:
        return PinFile(path, scope, tuple(parse(read_text(path, limits.PINS))))
    except Unreadable as unreadable:
        return PinFile(path, scope, problem=str(unreadable))


def parse(text: str) -> Iterator[PythonPin]:
    """The pins in the text of a file; carriage returns and blanks around a line do not count."""
    for number, line in enumerate(text.splitlines(), 1):
        if (word := line.strip()) and not word.startswith("#"):
            absent = word.startswith("/") and not os.path.lexists(word)
            yield PythonPin(word, number, *understand(word), absent)


def understand(request: str) -> tuple[PinForm, str | None, str | None]:
    """What a request for a Python asks for: its form, the version or range, the implementation."""
    if "/" in request:
        return PinForm.PATH, None, None
    implementation, wanted = None, request
    if key := re.fullmatch(KEY, request):
        implementation, wanted = key[1].lower(), key[2]
    elif named := re.fullmatch(NAMED, request):
        word = named[1].lower()
        implementation, wanted = IMPLEMENTATIONS.get(word, word), named[2] or named[3] or ""
    if not wanted or wanted in ("any", "default"):
        return PinForm.ANY, None, implementation
    if version := re.fullmatch(VERSION, wanted):
        packed = re.fullmatch(PACKED, wanted)
        return PinForm.VERSION, f"{packed[1]}.{packed[2]}" if packed else version[1], implementation
    if re.fullmatch(RANGE, wanted):
        return PinForm.RANGE, wanted, implementation
    return PinForm.OTHER, None, None
