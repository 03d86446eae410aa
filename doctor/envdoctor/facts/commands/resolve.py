"""What is a file that answers to a command, and which interpreter runs in the end? Nothing is run to find out."""

from __future__ import annotations

import enum
import os
import re
import stat
import sys

import msgspec
from msgspec.structs import replace

from envdoctor.facts.commands.cut_short import missing_head
from envdoctor.facts.commands.shebang import (
    HEAD_SIZE,
    Means,
    ScriptHeader,
    parse,
)
from envdoctor.facts.pyenv.shims import Shim, parse_shim
from envdoctor.facts.pyenv.versions import Pyenv, what_runs
from envdoctor.system.files import Unreadable, read_head
from envdoctor.text.patterns import pattern

PYTHON = pattern(r"(?:python|pypy|graalpy)w?[0-9.]*t?d?")
NATIVE_MAGIC = (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
ASDF = pattern(rb'^exec "?(\S*)asdf"? exec ', re.MULTILINE)
HEADER_LIMIT = 512 if sys.platform == "darwin" else 255
MOST_STEPS = 6
COMMAND_LINE_TOOLS = ("/Library/Developer/CommandLineTools", "/Applications/Xcode.app")


class HitKind(enum.Enum):
    """What kind of file answers to a command."""

    PYTHON = "Python binary"
    NATIVE = "native program"
    SCRIPT = "script"
    SHIM = "shim"
    WINDOWS = "Windows program"
    UNKNOWN = "unknown"


class ShimManager(enum.Enum):
    """Whose shim it is."""

    PYENV = "pyenv"
    ASDF = "asdf"
    MISE = "mise"


class Behind(msgspec.Struct, frozen=True):
    """Where `env`, or a shim that falls through, looks next: the absolute directories of a search path."""

    directories: tuple[str, ...]
    pyenv: Pyenv | None = None

    def first(self, name: str) -> str | None:
        """The file that is found for a command."""
        return next(filter(is_executable, (f"{directory}/{name}" for directory in self.directories)), None)

    def without(self, *directories: str) -> Behind:
        """The same without these directories."""
        gone = {os.path.normpath(directory) for directory in directories}
        return replace(self, directories=tuple(d for d in self.directories if os.path.normpath(d) not in gone))

    def after(self, directory: str) -> Behind:
        """The same with this directory first."""
        return replace(self, directories=(directory, *self.directories))


class Identity(msgspec.Struct, frozen=True):
    """What is known of a file: the fields of `commands.Hit` of the same names."""

    kind: HitKind
    runs: str | None = None
    problem: str | None = None
    manager: ShimManager | None = None
    header: ScriptHeader | None = None
    version: str | None = None
    by_script: bool = False


def is_executable(path: str) -> bool:
    """Whether the shell takes the file: a regular one that this user may execute, links followed."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode) and os.access(path, os.X_OK)
    except (OSError, ValueError):
        return False


def identify(path: str, name: str, behind: Behind, steps: int = 0) -> Identity:
    """What a file is, and what runs in the end when it is called by this name."""
    if steps > MOST_STEPS:
        return Identity(HitKind.UNKNOWN, problem=f"{path} is reached through too many scripts")
    # a Python, and whatever else claims to be one: to be asked by running it
    itself = path if PYTHON.fullmatch(name) else None
    try:
        head = read_head(path, HEAD_SIZE)
    except Unreadable:
        return Identity(HitKind.UNKNOWN, itself)
    if shim := parse_shim(head):
        return replace(_follow_shim(path, name, shim, behind, steps), header=parse(head))
    if asdf := ASDF.search(head):
        by_script = bool(asdf[1])  # since 0.16, which is a program, a shim calls it by its name
        return Identity(HitKind.SHIM, itself, manager=ShimManager.ASDF, header=parse(head), by_script=by_script)
    if header := parse(head):
        return _follow_header(path, name, header, behind, steps)
    return _identify_binary(path, itself, head)


def _identify_binary(path: str, itself: str | None, head: bytes) -> Identity:
    if head.startswith(b"MZ"):
        return Identity(HitKind.WINDOWS, problem=f"{path} is a Windows program")
    if not head.startswith(NATIVE_MAGIC):
        lost = None if itself else missing_head(head)
        return Identity(HitKind.UNKNOWN, itself, f"{path} {lost}" if lost else None)
    if os.path.basename(os.path.realpath(path)) == "mise":
        return Identity(HitKind.SHIM, itself, manager=ShimManager.MISE)
    if sys.platform == "darwin" and path.startswith("/usr/bin/") and not any(map(os.path.isdir, COMMAND_LINE_TOOLS)):
        # running it would open a window
        return Identity(HitKind.NATIVE, problem=f"{path} only offers to install Apple's command line tools")
    return Identity(HitKind.PYTHON if itself else HitKind.NATIVE, itself)


def _follow_shim(path: str, name: str, shim: Shim, behind: Behind, steps: int) -> Identity:
    found = Identity(HitKind.SHIM, manager=ShimManager.PYENV)
    pyenv = behind.pyenv.at(shim.root) if behind.pyenv else None
    if not os.path.exists(shim.program):
        return replace(found, problem=f"the shim {path} calls {shim.program}, which does not exist")
    if pyenv is None and os.path.isdir(shim.root):
        return found  # a copy of the shim of a pyenv that nothing in this session names
    if pyenv is None:
        return replace(found, problem=f"the shim {path} belongs to {shim.root}, which does not exist")
    behind = behind.without(pyenv.shims, os.path.dirname(path))
    target = what_runs(pyenv, name, behind.first)
    if target.path is None:
        return replace(found, problem=target.problem)
    # the version's own directory comes first for whatever it starts in turn
    end = identify(target.path, name, behind.after(os.path.dirname(target.path)), steps + 1)
    return replace(found, runs=end.runs, problem=end.problem, version=target.version)


def _follow_header(path: str, name: str, header: ScriptHeader, behind: Behind, steps: int) -> Identity:
    found = Identity(HitKind.SCRIPT, header=header)
    if header.reach > HEADER_LIMIT:
        return replace(found, problem=f"the first line of {path} is longer than the system reads")
    interpreter, problem = _interpreter(path, header, behind)
    if problem:
        return replace(found, problem=f"{path} asks for {problem}")
    language = os.path.basename(interpreter)
    if not PYTHON.fullmatch(language):
        # a wrapper in another language: what it starts is known to it alone
        return replace(found, runs=path if PYTHON.fullmatch(name) else None)
    end = identify(interpreter, language, behind, steps + 1)
    return replace(found, runs=end.runs, problem=end.problem)


def _interpreter(path: str, header: ScriptHeader, behind: Behind) -> tuple[str, str | None]:
    """The interpreter that a header means, and what is wrong with it."""
    wanted = header.interpreter
    if os.path.basename(wanted) == "env":  # which is given the script itself to start
        return wanted, f"{wanted} without a program, so that it starts itself without end"
    match header.means:
        case Means.WORKING_DIRECTORY:
            return wanted, f"{wanted}, which depends on the working directory"
        case Means.SEARCH_PATH:
            found = behind.first(wanted)
            return found or wanted, None if found else f"{wanted}, which is not on the search path"
        case Means.BESIDE_SCRIPT:
            wanted = os.path.join(os.path.dirname(os.path.realpath(path)), wanted)
        case Means.ABSOLUTE:
            pass
    if is_executable(wanted):
        return wanted, None
    return wanted, f"{wanted}, which {'is not executable' if os.path.exists(wanted) else 'does not exist'}"
