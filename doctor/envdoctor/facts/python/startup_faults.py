"""What goes wrong in `.pth` files and `sitecustomize` each time a Python starts? Told by what it printed when asked."""

from __future__ import annotations

import enum
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
CUSTOM = "sitecustomize"
CUSTOM_FAILED = pattern(
    r"^Error in (sitecustomize|usercustomize); set PYTHONVERBOSE for traceback:\n([^\n]{1,1000})$", re.MULTILINE
)
IMPORTED = pattern(r"(?:^|;)\s*import\s+([A-Za-z_]\w*)")
# a text that is printed as it stands
LITERAL = pattern(r"""(?:\bprint|\bsys\.std(?:out|err)\.write)\s*\(\s*(['"])([^'"\\\n]{1,200}?)(?:\\n)?\1\s*[,)]""")
QUOTED = pattern(r"\"{3}|'{3}")


class Stream(enum.Enum):
    """Where a program prints to."""

    STDOUT = "standard output"
    STDERR = "standard error"


TO_STDOUT = r"print\s*\((?![^()\n]*\bfile\s*=)|sys\.stdout\.write|os\.write\s*\(\s*1\b|os\.system\s*\("
TO_STDERR = r"print\s*\([^()\n]*\bfile\s*=\s*sys\.stderr|sys\.stderr\.write|os\.write\s*\(\s*2\b|warnings\.warn\s*\("
# what a line says anywhere, and a line of a module itself, in no function
PRINTS = {Stream.STDOUT: pattern(rf"\b(?:{TO_STDOUT})"), Stream.STDERR: pattern(rf"\b(?:{TO_STDERR})")}
OUTRIGHT = {
    Stream.STDOUT: pattern(rf"^(?:{TO_STDOUT})", re.MULTILINE),
    Stream.STDERR: pattern(rf"^(?:{TO_STDERR})", re.MULTILINE),
}


class StartupFault(Fact, frozen=True):
    """A line of a `.pth` file, a `sitecustomize` or a `usercustomize`, that does harm at every start.

    Attributes:
        file: the file.
        number: the line; 0 for a module, which is run as a whole.
        text: the line, verbatim; None if it could not be read.
        error: why it fails, `ModuleNotFoundError: No module named 'x'`; None for one that prints.
        module: the file of the module that the line imports, where that one prints.
        stream: where it prints to.
    """

    file: str
    number: int
    text: str | None
    error: str | None = None
    module: str | None = None
    stream: Stream = Stream.STDOUT


def complaints_apart(stderr: str) -> str:
    """What was printed to standard error, without what Python itself says of lines and modules that fail."""
    rest = CUSTOM_FAILED.sub("", stderr)
    while (found := FAILED.search(rest)) and (end := rest.find(END, found.end())) >= 0:
        rest = rest[: found.start()] + rest[end + len(END) :]
    return rest


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


def printing(
    files: Iterable[str], printed: str, search_path: Iterable[str] = (), stream: Stream = Stream.STDOUT
) -> Iterator[StartupFault]:
    """The lines, in these `.pth` files, that print by what they say, or by what the module says that they import."""
    places = tuple(search_path)
    for file in dict.fromkeys(files):
        for number, text in enumerate(_lines(file), 1):
            if not text.startswith(("import ", "import\t")):
                continue
            if PRINTS[stream].search(text) and _was_said(text, printed) is not False:
                yield StartupFault(file, number, text, stream=stream)
                continue
            modules = (file_of(name, places) for name in dict.fromkeys(IMPORTED.findall(text)))
            if module := next((module for module in modules if module and _prints(module, printed, stream)), None):
                yield StartupFault(file, number, text, module=module, stream=stream)


def printing_custom(
    printed: str, search_path: Iterable[str], name: str = CUSTOM, stream: Stream = Stream.STDOUT
) -> Iterator[StartupFault]:
    """The `sitecustomize` or `usercustomize` that prints by what it says, the first one of the search path."""
    file = file_of(name, search_path)
    if file and _prints(file, printed, stream):
        yield StartupFault(file, 0, None, stream=stream)


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


def _prints(module: str, printed: str, stream: Stream) -> bool:
    """Whether a module prints when it is imported: a text of its own was printed, or a line in no function prints."""
    source = "\n".join(_lines(module))
    if _was_said(source, printed):
        return True
    return not QUOTED.search(source) and OUTRIGHT[stream].search(source) is not None


def _was_said(source: str, printed: str) -> bool | None:
    """Whether a text that the source prints as it stands was printed; None if it prints no such text."""
    texts = {found[2] for found in LITERAL.finditer(source)}
    return any(text in printed for text in texts) if texts else None


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
