"""PY: lines and modules that fail or print whenever Python starts."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname

from envdoctor import (
    EditFile,
    Evidence,
    Finding,
    Fix,
    Manual,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.path_startup import PathStartup
from envdoctor.facts.python.startup_faults import StartupFault, Stream
from envdoctor.facts.python.user_startup import UserStartup
from envdoctor.text.patterns import pattern
from envdoctor_checks.common.moves import aside, moved_back

# a line that can be named whole in a step: in printable ASCII, with no blank at its end
PLAIN = pattern(r"[!-~][ -~\t]{0,2000}(?<=[!-~])")


@check(
    "PY013",
    severity=Severity.WARNING,
    since="0.1",
    where=("ActivePython.interpreter.startup_faults", "UserStartup.faults", "PathStartup.faults"),
)
def startup_line_disturbs(
    active: ActivePython, user: UserStartup | None, on_path: PathStartup | None
) -> Iterator[Finding]:
    """A line of a `.pth` file, a `sitecustomize` or a `usercustomize` fails or prints each time that Python starts.

    ## Why it matters
    Python runs the `import` lines of every `.pth` file in `site-packages`, and then `sitecustomize` and
    `usercustomize`, before anything else. A line that fails prints a traceback at every start, and the rest of its file
    is ignored. One that prints to standard output spoils what other tools read: editors, build tools and scripts that
    ask Python for a version or a path. One that prints to standard error spoils less, and is only info.

    ## How to fix
    Remove the line, or move the module aside. Such a line is most often left over from a package that was removed by
    hand. If you need that package, install it again first. A module on `PYTHONPATH` is no longer run once its directory
    is taken out of that variable.

    ## Not a problem when
    They work without a word, as the lines of setuptools, coverage, editable installs and namespace packages do, and the
    `sitecustomize` of Debian. The user's own files, below `~/.local`, are not run in a virtual environment, with
    `PYTHONNOUSERSITE=1` and with `python -s`. What `PYTHONSTARTUP` names is only run in interactive use. What is on
    `PYTHONPATH` is read and not run: it is told only where the text leaves no doubt.
    """
    python = active.interpreter
    managed = not (python.is_venv or python.is_conda) and python.externally_managed is not None
    for fault in on_path.faults if on_path else ():
        leave = f", or take {dirname(fault.file)} out of PYTHONPATH"
        yield _of_module(fault, _does(fault, python.path), f"Correct {fault.file}, move it aside{leave}")
    for fault in (*python.startup_faults, *(user.faults if user else ())):
        own = user is not None and fault.file.startswith(f"{user.directory}/")
        system = managed and not own
        does = _does(fault, python.path)
        if fault.number:
            yield _of_line(fault, does, system=system)
        else:
            movable = own or (not system and fault.file.startswith(f"{python.prefix}/"))
            yield _of_module(fault, does, None if movable else f"Correct {fault.file}, or move it aside")


def _does(fault: StartupFault, python: str) -> str:
    if fault.error is None:
        return f"prints to {fault.stream.value} at every start of {python}"
    return f"fails at every start of {python}: {fault.error}"


def _of_line(fault: StartupFault, does: str, *, system: bool) -> Finding:
    what = f"imports {fault.module}, which {does}" if fault.module else does
    line = Evidence(fault.text or "the line could not be read", f"{fault.file}:{fault.number}")
    return Finding(
        f"line {fault.number} of {fault.file} {what}",
        where=f"{fault.file}:{fault.number}",
        evidence=(line,),
        fix=_fix(fault, system=system),
        severity=_severity(fault),
    )


def _of_module(fault: StartupFault, does: str, advice: str | None) -> Finding:
    """A module. It is moved where it is the user's, or of this Python alone and not of the system; else advice."""
    module = dirname(fault.file) if basename(fault.file) == "__init__.py" else fault.file
    summary = f"Move {basename(module)} aside"
    if advice:
        fix = Fix(summary, Manual(advice))
    else:
        moved = aside(module)
        fix = Fix(summary, moved, safety=Safety.CHANGES_STATE, undo=moved_back(moved))
    return Finding(
        f"{fault.file} {does}",
        where=fault.file,
        evidence=(Evidence(fault.error or f"prints to {fault.stream.value}", fault.file),),
        fix=fix,
        severity=_severity(fault),
    )


def _severity(fault: StartupFault) -> Severity | None:
    """What is printed to standard error is a nuisance: few tools read it."""
    return Severity.INFO if fault.error is None and fault.stream is Stream.STDERR else None


def _fix(fault: StartupFault, *, system: bool) -> Fix:
    """Without the line; what the system's package manager has installed, only that may change."""
    summary = f"Remove the line from {fault.file}"
    if system or not (fault.text and PLAIN.fullmatch(fault.text)):
        return Fix(summary, Manual(f"Reinstall or remove the package that line {fault.number} of {fault.file} is from"))
    return Fix(summary, EditFile(fault.file, remove=(fault.text,)), safety=Safety.CHANGES_STATE)
