"""Which start-up files export `LD_LIBRARY_PATH`, and with it give every program of the user other libraries?

The files are read, never run: what stands inside a function or behind a condition is found as well, and said so by no
more than its line.
"""

from __future__ import annotations

import glob
import os
import re
import sys
from collections.abc import Iterator

from envdoctor.fact import Fact, Unavailable, probe
from envdoctor.facts.library_path import VARIABLE, conda_environment
from envdoctor.files import Unreadable, read_text
from envdoctor.session import Session

OWN_FILES = (
    *(".bashrc", ".bash_profile", ".bash_login", ".profile", ".zshenv", ".zprofile", ".zshrc", ".zlogin"),
    *(".pam_environment", ".config/fish/config.fish", ".config/fish/conf.d/*.fish", ".config/environment.d/*.conf"),
)
SYSTEM_FILES = ("/etc/environment", "/etc/profile", "/etc/profile.d/*.sh", "/etc/bash.bashrc", "/etc/zsh/zshenv")
AFTER = r"^\s*(?:[^#]*?(?:&&|\|\||;|\{|\bthen|\bdo)\s*)?"
POSIX = rf"{AFTER}(?P<word>export\s+|declare\s+-x\s+|typeset\s+-x\s+)?{VARIABLE}=(?P<value>.*)$"
FISH = rf"{AFTER}set\s+(?:-\S+\s+)*-\w*x\w*\s+(?:-\S+\s+)*{VARIABLE}\s+(?P<value>.*)$"
PAM = rf"^\s*{VARIABLE}\s+(?:DEFAULT|OVERRIDE)=(?P<value>.*)$"
# files of nothing but variables, all of which are exported
ENVIRONMENT = r"/etc/environment$|\.pam_environment$|/environment\.d/"
EXPORT = rf"(?m)^\s*(?:export|declare\s+-x|typeset\s+-x)\s+(?:\w+\s+)*{VARIABLE}\b"
# `VARIABLE=value command` sets it for that command alone
PREFIX = r"""^(?:"[^"]*"|'[^']*'|\$\{[^}]*\}|[^\s;#"'$]|\$(?!\{))*\s+[^\s;#&|]"""
CONDA_VARIABLE = r"\$\{?(?:CONDA_PREFIX|CONDA_ROOT|MAMBA_ROOT_PREFIX)\}?(?=/)"
HOME = r"^(?:~(?=/|$)|\$HOME\b|\$\{HOME\})"
LONGEST_LINE = 4096


class ExportedElement(Fact, frozen=True):
    """A directory that a line puts on the library path: as written with `~` and `$HOME` put in, and whose it is.

    Attributes:
        directory: the directory.
        conda: the conda environment that has it as its `lib`.
    """

    directory: str
    conda: str | None = None


class LibraryPathExport(Fact, frozen=True):
    """One line of a start-up file that exports the library path.

    Attributes:
        file: the file.
        line: the number of the line.
        text: the line, verbatim.
        elements: the directories that it adds, as far as they are written out.
        writable: whether this user may change the file.
    """

    file: str
    line: int
    text: str
    elements: tuple[ExportedElement, ...] = ()
    writable: bool = True


class LibraryPathExports(Fact, frozen=True):
    """All such lines, in the order of the files."""

    exports: tuple[LibraryPathExport, ...] = ()


@probe
def probe_library_path_exports(session: Session) -> LibraryPathExports:
    """Read the start-up files of the usual shells; one that cannot be read exports nothing."""
    if sys.platform == "darwin":
        raise Unavailable(f"the loader of macOS does not read {VARIABLE}")
    return LibraryPathExports(tuple(export for path in _files(session) for export in _read(path, session.home)))


def _files(session: Session) -> Iterator[str]:
    roots = [session.home] if session.home else []
    if (zsh := session.env.get("ZDOTDIR")) and os.path.isabs(zsh):
        roots.append(zsh)
    own = [f"{glob.escape(root)}/{name}" for root in roots for name in OWN_FILES]
    seen = set()
    for pattern in (*own, *SYSTEM_FILES):
        for path in sorted(glob.glob(pattern)):
            if (real := os.path.realpath(path)) not in seen:
                seen.add(real)
                yield path


def _read(path: str, home: str | None) -> Iterator[LibraryPathExport]:
    try:
        text = read_text(path, 1_000_000)
    except Unreadable:
        return
    everything = re.search(ENVIRONMENT, path) is not None or re.search(EXPORT, text) is not None
    for number, line in enumerate(text.split("\n"), 1):
        if VARIABLE not in line or len(line) > LONGEST_LINE:
            continue
        value = exported(line, everything=everything)
        if value is not None:
            elements = tuple(_elements(value, home))
            yield LibraryPathExport(path, number, line.rstrip("\r"), elements, os.access(path, os.W_OK))


def exported(line: str, *, everything: bool = False) -> str | None:
    """What a line of a start-up file exports the library path as; None if it does not.

    Args:
        line: the line.
        everything: whether a mere assignment counts, because the file exports it elsewhere or exports all it sets.
    """
    if match := re.match(FISH, line) or re.match(PAM, line):
        return match["value"].strip()
    match = re.match(POSIX, line)
    if match is None:
        return None
    value = match["value"].strip()
    if match["word"]:
        return value
    return value if everything and not re.match(PREFIX, value) else None


def _elements(value: str, home: str | None) -> Iterator[ExportedElement]:
    value = value.partition(" #")[0].strip().strip(";")
    value = re.sub(rf"\$\{{{VARIABLE}(?::?[+-][^}}]*)?\}}|\${VARIABLE}\b", "", value)
    for element in re.split(r"[:\s]", value.replace('"', "").replace("'", "")):
        if variable := re.match(CONDA_VARIABLE, element):
            yield ExportedElement(element, variable[0])
            continue
        directory = re.sub(HOME, home.replace("\\", r"\\"), element) if home else element
        if os.path.isabs(directory):
            yield ExportedElement(directory, conda_environment(directory))
