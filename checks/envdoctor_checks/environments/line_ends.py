"""ENV: scripts with the line ends of Windows, which no shell and no kernel of this machine understands."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname

from envdoctor import Evidence, Finding, Fix, Safety, Severity, check
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.environments.line_ends import Script, WindowsLineEnds, WindowsScript
from envdoctor_checks.common.line_ends import converted

MOST_NAMED = 4
TOLD = ("pip", "pip3")  # of a launcher of pip that comes first, PIP002 says as much


@check("ENV017", severity=Severity.WARNING, since="0.1", where=("WindowsLineEnds.scripts",))
def scripts_with_windows_line_ends(ends: WindowsLineEnds, commands: Commands) -> Iterator[Finding]:
    r"""A script has the line ends of Windows (CRLF), and fails here.

    ## Why it matters
    An editor on Windows, git with `core.autocrlf`, or a copy through WSL puts a carriage return at the end of each
    line. In the first line of a program it belongs to the name of the interpreter: `bad interpreter: …python^M`. In
    `activate` and in start-up files every line fails: `$'\r': command not found`, or values end in a carriage return
    that nobody sees.

    ## How to fix
    Convert the files: `dos2unix FILE`, or the `sed` that is printed here. Keep git from doing it again with
    `git config --global core.autocrlf input`.

    ## Not a problem when
    The environment was made on Windows and is used there. Only comments have such line ends.
    """
    first = {hit.real for name in TOLD if (hit := commands.first(name))}
    for kind in Script:
        found = [script for script in ends.of(kind) if kind is not Script.PROGRAM or script.real not in first]
        if found:
            yield _finding(kind, found)


def _finding(kind: Script, found: list[WindowsScript]) -> Finding:
    names = ", ".join(basename(script.path) for script in found[:MOST_NAMED])
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    effect = "and cannot be started" if kind is Script.PROGRAM else "and fails in the shell that reads it"
    return Finding(
        f"{names}{more} in {dirname(found[0].path)} has the line ends of Windows (CRLF), {effect}",
        where=found[0].path,
        evidence=tuple(
            Evidence(f"line {script.line} ends in a carriage return", f"{script.path}:{script.line}")
            for script in found[:MOST_NAMED]
        ),
        fix=Fix(
            "Convert the line ends of the scripts" if len(found) > 1 else "Convert the line ends of the script",
            *converted(*dict.fromkeys(script.real for script in found)),
            safety=Safety.CHANGES_STATE,
        ),
        severity=Severity.WARNING if kind is Script.PROGRAM else Severity.ERROR,
    )
