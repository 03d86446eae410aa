"""How is a start-up file changed so that the change is run, and the shell comes to an end?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from posixpath import basename

import msgspec

from envdoctor import (
    CopyVariable,
    EditFile,
    Finding,
    Fix,
    Manual,
    RemoveFromPath,
    Safety,
    SetVariable,
    UnsetVariable,
)
from envdoctor.facts.session.context import Examined
from envdoctor.facts.shell.exported_lines import ExportedLine, ExportedLines
from envdoctor.facts.shell.startup_files import FAMILIES, StartupFiles
from envdoctor.text.patterns import pattern
from envdoctor_checks.common.shell_words import in_quotes

ORDER = tuple(Safety)
# the user's file that interactive shells read, also where it is not there yet
RC = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish"}
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
    edits = list(_edits(fix, exported)) if exported else []
    if by_hand := list(_copies(fix, exported)) if exported else []:
        fix = Fix(fix.summary, *fix.actions, *by_hand, safety=fix.safety, scope=fix.scope)
    if not edits:
        return fix
    return Fix(fix.summary, *edits, *fix.actions, safety=max(fix.safety, Safety.CHANGES_STATE, key=ORDER.index))


def all_lasting(findings: Iterable[Finding], exported: ExportedLines | None) -> Iterator[Finding]:
    """The same findings with lasting fixes."""
    for finding in findings:
        yield msgspec.structs.replace(finding, fix=lasting(finding.fix, exported))


def kept(fix: Fix, exported: ExportedLines | None, examined: Examined, startup: StartupFiles | None) -> Fix:
    """The same; what it sets is set for new shells too, in the line that sets it now or in a line of its own."""
    changed = lasting(fix, exported)
    path = file_of_new_shells(examined, startup or StartupFiles())
    if changed is not fix or path is None:
        return changed
    variables = [action for action in fix.actions if isinstance(action, SetVariable)]
    edits = [_exported(action, examined.shell, path, startup or StartupFiles()) for action in variables]
    return Fix(fix.summary, *edits, *fix.actions, safety=max(fix.safety, Safety.CHANGES_STATE, key=ORDER.index))


def file_of_new_shells(examined: Examined, startup: StartupFiles) -> str | None:
    """The user's own file that new interactive shells of this kind read, there or not; None for other shells."""
    name = RC.get(examined.shell or "")
    if name is None or examined.home is None:
        return None
    read = startup.read_by(FAMILIES[examined.shell or ""], login=False, interactive=True)
    own = (path for path in read if basename(path) == basename(name) and not path.startswith("/etc/"))
    return next(own, f"{examined.home}/{name}")


def _exported(action: SetVariable, shell: str | None, path: str, startup: StartupFiles) -> EditFile | Manual:
    """Set a variable for new shells too."""
    if (value := in_quotes(action.value)) is None:
        return Manual(f"Write a line into {path} that sets {action.name}")
    line = f"set -gx {action.name} {value}" if shell == "fish" else f"export {action.name}={value}"
    return appended(line, path, startup)


def _edits(fix: Fix, exported: ExportedLines) -> Iterator[EditFile | Manual]:
    for action in fix.actions:
        if isinstance(action, SetVariable):
            yield from (_with_value(line, action.value) for line in exported.of(action.name))
        elif isinstance(action, UnsetVariable):
            yield from (_without(line) for line in exported.of(action.name))
    removals = [action for action in fix.actions if isinstance(action, RemoveFromPath)]
    for name in dict.fromkeys(action.variable for action in removals):
        gone = {action.directory for action in removals if action.variable == name}
        yield from (_with_elements(line, gone) for line in exported.of(name))


def _copies(fix: Fix, exported: ExportedLines) -> Iterator[Manual]:
    """What is copied from another variable is never spelled out: it may hold a password."""
    for action in fix.actions:
        if isinstance(action, CopyVariable):
            places = (f"{line.file}:{line.number}" for line in exported.of(action.name))
            yield from (
                Manual(f"For new shells give {action.name} the value of {action.source} in {p}") for p in places
            )


def _with_value(line: ExportedLine, value: str) -> EditFile | Manual:
    if PLAIN.fullmatch(value) and (edit := _rewritten(line, value)):
        return edit
    return Manual(f"In {line.file}, line {line.number}, write {value} for {line.name}")


def _with_elements(line: ExportedLine, gone: set[str]) -> EditFile | Manual:
    """The line without some elements of its list; those that stay are written as they were."""
    parts, written = line.value.split(":"), (line.written or line.value).split(":")
    if len(parts) == len(written):
        kept = (text for text, part in zip(written, parts, strict=True) if part not in gone)
        if edit := _rewritten(line, ":".join(kept)):
            return edit
    elements = " and ".join(element or "the empty element" for element in sorted(gone))
    return Manual(f"In {line.file}, line {line.number}, take {elements} out of {line.name}")


def _rewritten(line: ExportedLine, text: str) -> EditFile | None:
    whole, written = line.whole_line, line.written or line.value
    if whole is None or whole.count(written) != 1:
        return None
    return EditFile(line.file, remove=(whole,), add=(whole.replace(written, text),))


def _without(line: ExportedLine) -> EditFile | Manual:
    if line.whole_line is None:
        return Manual(f"Remove {line.name} from line {line.number} of {line.file}")
    return EditFile(line.file, remove=(line.whole_line,))
