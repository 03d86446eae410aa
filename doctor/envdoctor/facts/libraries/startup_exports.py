"""Which start-up files export `LD_LIBRARY_PATH`, and with it give every program of the user other libraries?"""

from __future__ import annotations

import os
import re
import sys

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.libraries.programs import DisturbedProgram, disturbed_by
from envdoctor.facts.loader.library_path import VARIABLE, conda_environment
from envdoctor.facts.shell.parser import Place
from envdoctor.facts.shell.removable_lines import whole_line
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor.system.session import Session

CONDA_VARIABLE = r"\$\{?(?:CONDA_PREFIX|CONDA_ROOT|MAMBA_ROOT_PREFIX)\}?/"


class ExportedElement(Fact, frozen=True):
    """A directory that a line puts on the library path, and the conda environment that has it as its `lib`."""

    directory: str
    conda: str | None = None


class LibraryPathExport(Fact, frozen=True):
    """A command of a start-up file that exports the library path.

    Attributes:
        file: the file.
        line: the line that it begins in.
        text: the command.
        elements: the directories that it adds, as far as they are known.
        whole_line: the line, verbatim, if it can be taken out by its text; None otherwise.
        disturbed: the everyday programs that do not work with the libraries that lie there.
    """

    file: str
    line: int
    text: str
    elements: tuple[ExportedElement, ...] = ()
    whole_line: str | None = None
    disturbed: tuple[DisturbedProgram, ...] = ()


class LibraryPathExports(Fact, frozen=True):
    """All such commands, in the order of the files."""

    exports: tuple[LibraryPathExport, ...] = ()


@probe
def probe_library_path_exports(session: Session, startup: StartupFiles) -> LibraryPathExports:
    """Look what the start-up files export, and what comes of it, whether or not this session has read them.

    What stands in a function, which may never run, is left out.
    """
    if sys.platform == "darwin":
        raise Unavailable(f"the loader of macOS does not read {VARIABLE}")
    lines = startup.mentions(VARIABLE, kind=LineKind.EXPORT)
    return LibraryPathExports(tuple(_export(session, line) for line in lines if line.place is not Place.FUNCTION))


def _export(session: Session, line: StartupLine) -> LibraryPathExport:
    elements = tuple(ExportedElement(directory, _conda(directory)) for directory in line.directories)
    disturbed = _disturbed(session, elements)
    return LibraryPathExport(line.file, line.number, line.text, elements, whole_line(line), disturbed)


def _disturbed(session: Session, elements: tuple[ExportedElement, ...]) -> tuple[DisturbedProgram, ...]:
    """The programs that what a line exports disturbs by itself."""
    known = [element.directory for element in elements if os.path.isdir(element.directory)]
    if not known:
        return ()
    from envdoctor.facts.loader.loading import loading

    loaders, value = loading(session), os.pathsep.join(known)
    return disturbed_by(session, lambda program: loaders.loader(program, value)).programs


def _conda(directory: str) -> str | None:
    if re.match(CONDA_VARIABLE, directory):
        return os.path.dirname(directory)
    return conda_environment(directory) if os.path.isabs(directory) else None
