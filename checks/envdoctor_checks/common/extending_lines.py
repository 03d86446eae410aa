"""A line such as `export PYTHONPATH=$PYTHONPATH:/dir` adds an empty element where the list was empty before."""

from __future__ import annotations

import re

from envdoctor import Manual
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine

SETS = (LineKind.EXPORT, LineKind.ASSIGNMENT)


def for_new_shells(name: str, startup: StartupFiles | None) -> tuple[Manual, ...]:
    """How the lines that extend this list are written so that new shells get no empty element."""
    lines = (line for line in startup.lines if line.name == name and line.kind in SETS) if startup else ()
    return tuple(
        Manual(f"For new shells write `{better}` in {line.origin}")
        for line in lines
        if (better := _with_condition(line)) is not None
    )


def _with_condition(line: StartupLine) -> str | None:
    """The line with its colon only where the old value is not empty; None for one that needs nothing."""
    name, old = line.name, rf"\$(?:{line.name}\b|\{{{line.name}\}})"
    if "'" in line.text or len(re.findall(rf"\b{name}=|{old}", line.text)) != 2:
        return None  # one name that is set, and its old value once
    better = re.sub(rf"(=\"?){old}:(?=[^\s\"])", rf"\1${{{name}:+${name}:}}", line.text)
    better = re.sub(rf"(?<=[^\s\"=]):{old}(?=\"?(?:\s|;|$))", f"${{{name}:+:${name}}}", better)
    return better if better != line.text else None
