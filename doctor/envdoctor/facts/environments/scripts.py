"""Which Python do the programs of an environment run: its own, or that of the place where it was made?"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator

from envdoctor.engine.fact import Fact
from envdoctor.facts.commands.resolve import HEADER_LIMIT, PYTHON
from envdoctor.facts.commands.shebang import (
    HEAD_SIZE,
    Means,
    ScriptHeader,
    parse,
)
from envdoctor.facts.venv.layout import Venv
from envdoctor.system.files import Unreadable, read_head
from envdoctor.text.patterns import pattern

MOST_FILES = 1500
MOST_KEPT = 5
BLANK = pattern(r"\s")


class Script(Fact, frozen=True):
    """A program of an environment that a Python runs.

    Attributes:
        path: the file.
        line: the line that names the interpreter, as it stands or, of a trampoline, in other words.
        interpreter: the interpreter.
    """

    path: str
    line: str
    interpreter: str


class VenvScripts(Fact, frozen=True):
    """The programs of an environment, by the Python that they run.

    Attributes:
        own: how many run the environment's own Python.
        mismatched: the first few that run one in another directory, or would if it existed.
        mismatched_count: how many those are.
        mismatched_root: the environment that most of those mean: the directory above that of their interpreter.
        unreadable: those whose first line the system cannot follow: too long, or cut at a blank.
    """

    own: int = 0
    mismatched: tuple[Script, ...] = ()
    mismatched_count: int = 0
    mismatched_root: str | None = None
    unreadable: tuple[Script, ...] = ()


def survey(venv: Venv) -> VenvScripts:
    """Read the first lines of an environment's programs. Links lead to another tool's program and do not count."""
    own = 0
    mismatched: list[Script] = []
    unreadable: list[Script] = []
    here = os.path.realpath(venv.scripts)
    for path, header in headers(venv.scripts):
        script = Script(path, _spoken(header), header.interpreter)
        if _is_cut(header, venv) or _is_too_long(header):
            unreadable.append(script)
        elif header.means is Means.BESIDE_SCRIPT:
            own += 1
        elif header.means is Means.ABSOLUTE and PYTHON.fullmatch(os.path.basename(header.interpreter)):
            if os.path.realpath(os.path.dirname(header.interpreter)) == here:
                own += 1
            else:
                mismatched.append(script)
    roots = Counter(os.path.dirname(os.path.dirname(script.interpreter)) for script in mismatched)
    most = roots.most_common(1)[0][0] if roots else None
    return VenvScripts(own, tuple(mismatched[:MOST_KEPT]), len(mismatched), most, tuple(unreadable[:MOST_KEPT]))


def headers(directory: str) -> Iterator[tuple[str, ScriptHeader]]:
    """The programs of a directory that name an interpreter, and how. Links lead to another tool's and do not count."""
    for path in _files(directory):
        if header := _header(path):
            yield path, header


def _files(directory: str) -> Iterator[str]:
    try:
        names = sorted(os.listdir(directory))[:MOST_FILES]
    except OSError:
        return
    for name in names:
        path = os.path.join(directory, name)
        try:
            mode = os.lstat(path).st_mode
        except OSError:
            continue
        if stat.S_ISREG(mode) and mode & stat.S_IXUSR:
            yield path


def _header(path: str) -> ScriptHeader | None:
    try:
        return parse(read_head(path, HEAD_SIZE))
    except Unreadable:
        return None


def _spoken(header: ScriptHeader) -> str:
    return f"{header.line} … exec {header.interpreter}" if header.trampoline else header.line


def _is_cut(header: ScriptHeader, venv: Venv) -> bool:
    """Whether the line names this environment's Python, but the system ends the path at its first blank."""
    line = header.line.removeprefix("#!").strip()
    quoted = line.startswith(('"', "'"))
    for place in (venv.scripts, os.path.realpath(venv.scripts)):
        if line.strip("\"'").startswith(f"{place}/") and (quoted or BLANK.search(place)):
            return not header.trampoline
    return False


def _is_too_long(header: ScriptHeader) -> bool:
    return not header.trampoline and len(os.fsencode(header.line)) > HEADER_LIMIT
