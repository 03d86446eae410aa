"""What goes wrong in `.pth` files and `sitecustomize` each time a Python starts? Told by what it printed when asked."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from envdoctor.engine.fact import Fact
from envdoctor.system.files import Unreadable, read_text
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

# site.py says so since 2.7; a traceback follows, indented
FAILED = pattern(r"^Error processing line (\d{1,6}) of ([^\n]{1,1000}):$", re.MULTILINE)
END = "Remainder of file ignored"
# of these the reason is the line itself; others may come of the clean environment in which a Python is asked
ERRORS = pattern(r"(ModuleNotFound|Import|Name|Attribute|Syntax|Indentation)Error(?=:|$)")
NO_MODULE = pattern(r"(?:ModuleNotFoundError: |ImportError: )No module named '?([A-Za-z_]\w*)(?:\.[\w.]*)?'?")
PRINTS = pattern(r"\bprint\s*\(|\bsys\.stdout\b")
CUSTOM = "sitecustomize"
CUSTOM_FAILED = pattern(
    r"^Error in (sitecustomize|usercustomize); set PYTHONVERBOSE for traceback:\n([^\n]{1,1000})$", re.MULTILINE
)
IMPORTED = pattern(r"(?:^|;)\s*import\s+([A-Za-z_]\w*)")
# a text that is printed as it stands, and a line of a module itself, in no function, that prints
LITERAL = pattern(r"""\bprint\s*\(\s*(['"])([^'"\\\n]{1,200})\1\s*\)""")
OUTRIGHT = pattern(r"^(?:print|sys\.stdout\.write)\s*\((?![^\n]*\bfile\s*=)", re.MULTILINE)
QUOTED = pattern(r"\"{3}|'{3}")


class StartupFault(Fact, frozen=True):
    """A line of a `.pth` file, a `sitecustomize` or a `usercustomize`, that does harm at every start.

    Attributes:
        file: the file.
        number: the line; 0 for a module, which is run as a whole.
        text: the line, verbatim; None if it could not be read.
        error: why it fails, `ModuleNotFoundError: No module named 'x'`; None for one that prints to standard output.
        module: the file of the module that the line imports, where that one prints.
    """

    file: str
    number: int
    text: str | None
    error: str | None = None
    module: str | None = None


def failing(stderr: str, elsewhere: Iterable[str] = ()) -> Iterator[StartupFault]:
    """The lines that failed. A module that is in one of the directories `elsewhere` is there for the session."""
    places = tuple(elsewhere)
    for found in FAILED.finditer(stderr):
        block = stderr[found.end() :].partition(END)[0].strip().splitlines()
        if error := _error(block[-1].strip() if block else "", places):
            number = int(found[1])
            yield StartupFault(found[2], number, _line(found[2], number), error)


def failing_custom(
    stderr: str, search_path: Iterable[str], elsewhere: Iterable[str] = (), name: str = CUSTOM
) -> Iterator[StartupFault]:
    """The `sitecustomize` or `usercustomize` that failed, the first one of the search path."""
    said = next((found[2].strip() for found in CUSTOM_FAILED.finditer(stderr) if found[1] == name), "")
    error = _error(said, tuple(elsewhere))
    if error and (file := file_of(name, search_path)):
        yield StartupFault(file, 0, None, error)


def printing(lines: Iterable[str], printed: str = "", search_path: Iterable[str] = ()) -> Iterator[StartupFault]:
    """The lines, in these `.pth` files, that print by what they say, or by what the module says that they import."""
    places = tuple(search_path)
    for file in dict.fromkeys(lines):
        for number, text in enumerate(_lines(file), 1):
            if not text.startswith(("import ", "import\t")):
                continue
            if PRINTS.search(text):
                yield StartupFault(file, number, text)
                continue
            modules = (file_of(name, places) for name in dict.fromkeys(IMPORTED.findall(text)))
            if module := next((module for module in modules if module and _prints(module, printed)), None):
                yield StartupFault(file, number, text, module=module)


def printing_custom(printed: str, search_path: Iterable[str], name: str = CUSTOM) -> Iterator[StartupFault]:
    """The `sitecustomize` or `usercustomize` that prints by what it says, the first one of the search path."""
    file = file_of(name, search_path)
    if file and _prints(file, printed):
        yield StartupFault(file, 0, None)


def _error(last: str, elsewhere: tuple[str, ...]) -> str | None:
    """The reason, from the last line of a traceback; None where the session or its variables may decide."""
    kind, missing = ERRORS.match(last), NO_MODULE.fullmatch(last)
    if kind is None or (missing and any(_holds(directory, missing[1]) for directory in elsewhere)):
        return None
    return last if missing else kind[0]


def file_of(module: str, search_path: Iterable[str]) -> str | None:
    """The file that an import of a module runs first."""
    files = (f"{directory}/{name}" for directory in search_path for name in (f"{module}/__init__.py", f"{module}.py"))
    return next((file for file in files if os.path.isfile(file)), None)


def _prints(module: str, printed: str) -> bool:
    """Whether a module prints when it is imported: a text of its own was printed, or a line in no function prints."""
    source = "\n".join(_lines(module))
    said = set(printed.splitlines())
    if any(found[2] in said for found in LITERAL.finditer(source)):
        return True
    return not QUOTED.search(source) and OUTRIGHT.search(source) is not None


def _holds(directory: str, module: str) -> bool:
    return any(os.path.exists(f"{directory}/{name}") for name in (module, f"{module}.py"))


def _line(file: str, number: int) -> str | None:
    lines = _lines(file)
    return lines[number - 1] if 0 < number <= len(lines) else None


def _lines(file: str) -> list[str]:
    try:
        return read_text(file, limits.PACKAGE_FILE).split("\n")
    except Unreadable:
        return []
