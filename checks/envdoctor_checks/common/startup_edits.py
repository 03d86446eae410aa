"""How is a line added to a start-up file so that it is run, and the shell comes to an end?"""

from __future__ import annotations

from envdoctor import (
    EditFile,
    Fix,
    Manual,
    Safety,
)
from envdoctor.facts.shell.startup_files import StartupFiles


def appended(line: str, path: str, startup: StartupFiles) -> EditFile | Manual:
    """Append a line to a start-up file; advice where the file may end before it, or where that cannot be told."""
    if stop := startup.stop_in(path):
        return Manual(f"Write `{line}` into {path}, above line {stop.number}, where the file may end")
    if skipped := next((file for file in startup.skipped if file.path == path), None):
        return Manual(f"Write `{line}` into {path}, which could not be read here: {skipped.reason}")
    return EditFile(path, add=(line,))


def reading(other: str, line: str, path: str, startup: StartupFiles) -> Fix:
    """Have a start-up file read another with this line; advice where the other may read the first already.

    Two files that read each other never end: a shell that reads one of them dies.
    """
    if startup.may_read(other, path):
        advice = f"Move the lines from {other} to {path}: {other} may read that one, and must not be read by it in turn"
        return Fix("Move the setup to the file that is read", Manual(advice))
    step = appended(line, path, startup)
    safety = Safety.CHANGES_STATE if isinstance(step, EditFile) else Safety.SAFE
    return Fix(f"Make {path} read {other}", step, safety=safety)
