"""Which lines of start-up files have given this session the values of its variables, and can be changed there?"""

from __future__ import annotations

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.shell.expansion import expand
from envdoctor.facts.shell.parser import Place
from envdoctor.facts.shell.removable_lines import whole_line
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor.system.session import Session
from envdoctor.text.patterns import pattern

# Variables whose values fixes change or take away. Lists of directories that every start-up file adds to, and what
# tools keep for themselves in the session, are not among them.
CORRECTED = pattern(
    r"(UV|PIP|HF|PYTHON|DYLD|KMP|SSL_CERT)_?[A-Z_]+|PYENV_VERSION|VIRTUALENVWRAPPER_PYTHON|LD_PRELOAD|[A-Z]+_CA_BUNDLE|CONDA_CHANNEL_ALIAS"
    r"|(https?|all|no)_proxy|(HTTPS?|ALL|NO)_PROXY|TMPDIR|TEMP|TMP|HOME|XDG_[A-Z]+_HOME"
)
ENDS = (LineKind.GUARD, LineKind.STOP)


class ExportedLine(Fact, frozen=True):
    """A line of a start-up file that exports what a variable holds in this session.

    Attributes:
        name: the variable.
        value: what it holds.
        file: the file.
        number: the line.
        whole_line: the line, verbatim, if it can be taken out and another appended for it; None otherwise.
        written: the value as the line has it, `$HOME/lib`; None if that is the value itself.
    """

    name: str
    value: str
    file: str
    number: int
    whole_line: str | None = None
    written: str | None = None


class ExportedLines(Fact, frozen=True):
    """All such lines, in the order of the files."""

    lines: tuple[ExportedLine, ...] = ()

    def of(self, name: str) -> tuple[ExportedLine, ...]:
        """Those of one variable."""
        return tuple(line for line in self.lines if line.name == name)


@probe
def probe_exported_lines(session: Session, startup: StartupFiles) -> ExportedLines:
    """Look where the values of this session come from."""
    lines = (line for line in startup.lines if line.kind is LineKind.EXPORT and line.place is not Place.FUNCTION)
    found = (_found(line, session, startup) for line in lines if CORRECTED.fullmatch(line.name))
    return ExportedLines(tuple(line for line in found if line))


def _found(line: StartupLine, session: Session, startup: StartupFiles) -> ExportedLine | None:
    value, home = session.env.get(line.name), session.home
    if value is None or line.value is None:
        return None
    written = line.value if line.value != value else None
    if written is not None and (home is None or expand(written, {"HOME": home}) != value):
        return None
    return ExportedLine(line.name, value, line.file, line.number, _whole(line, startup), written)


def _whole(line: StartupLine, startup: StartupFiles) -> str | None:
    """The line, if one at the end of the file does the same: nothing below it ends the file, or has the variable."""
    below = (other for other in startup.lines if other.file == line.file and other.number > line.number)
    if any(other.kind in ENDS or other.name == line.name for other in below):
        return None
    return whole_line(line)
