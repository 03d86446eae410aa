"""How is a start-up file changed so that the change is run, and the shell comes to an end?"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    EditFile,
    Fix,
    Manual,
    Safety,
    SetVariable,
    UnsetVariable,
)
from envdoctor.facts.shell.exported_lines import ExportedLine, ExportedLines
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.text.patterns import pattern

ORDER = tuple(Safety)
PLAIN = pattern(r"[A-Za-z0-9_./:@%+,=-]+")  # means the same in any quotes, and without


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


def lasting(fix: Fix, exported: ExportedLines | None) -> Fix:
    """The same; what a start-up file exports is changed there too, or the next shell has the old value again."""
    edits = [edit for action in fix.actions for edit in _edits(action, exported)] if exported else []
    if not edits:
        return fix
    return Fix(fix.summary, *edits, *fix.actions, safety=max(fix.safety, Safety.CHANGES_STATE, key=ORDER.index))


def _edits(action: object, exported: ExportedLines) -> Iterator[EditFile | Manual]:
    if isinstance(action, SetVariable):
        yield from (_with_value(line, action.value) for line in exported.of(action.name))
    elif isinstance(action, UnsetVariable):
        yield from (_without(line) for line in exported.of(action.name))


def _with_value(line: ExportedLine, value: str) -> EditFile | Manual:
    whole = line.whole_line
    if whole is None or whole.count(line.value) != 1 or not PLAIN.fullmatch(value):
        return Manual(f"In {line.file}, line {line.number}, write {value} for {line.name}")
    return EditFile(line.file, remove=(whole,), add=(whole.replace(line.value, value),))


def _without(line: ExportedLine) -> EditFile | Manual:
    if line.whole_line is None:
        return Manual(f"Remove {line.name} from line {line.number} of {line.file}")
    return EditFile(line.file, remove=(line.whole_line,))
