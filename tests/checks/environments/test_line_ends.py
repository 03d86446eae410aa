"""ENV017 over literal facts."""

from __future__ import annotations

import pytest

from envdoctor import Evidence, Finding, Fix, Safety, Severity
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.environments.line_ends import Script, WindowsLineEnds, WindowsScript
from envdoctor.testing import assess
from envdoctor_checks.common.line_ends import converted
from envdoctor_checks.environments.line_ends import scripts_with_windows_line_ends

BIN = "/home/me/project/.venv/bin"


def script(name: str, kind: Script = Script.PROGRAM, line: int = 1) -> WindowsScript:
    return WindowsScript(f"{BIN}/{name}", f"/real/{name}", kind, line)


@pytest.mark.sick("ENV017")
def test_each_kind_of_script_is_a_finding_of_its_own() -> None:
    programs = [script(name) for name in ("a", "b", "c", "d", "e")]
    ends = WindowsLineEnds((*programs, script("activate", Script.ACTIVATION, 3)))
    first, second = assess(scripts_with_windows_line_ends, ends, Commands(()))
    assert first.message == f"a, b, c, d and 1 more in {BIN} has the line ends of Windows (CRLF), and cannot be started"
    assert first.fix.actions == converted(*(f"/real/{name}" for name in "abcde"))
    assert second == Finding(
        f"activate in {BIN} has the line ends of Windows (CRLF), and fails in the shell that reads it",
        where=f"{BIN}/activate",
        evidence=(Evidence("line 3 ends in a carriage return", f"{BIN}/activate:3"),),
        fix=Fix(
            "Convert the line ends of the script",
            *converted("/real/activate"),
            safety=Safety.CHANGES_STATE,
        ),
        severity=Severity.ERROR,
    )


@pytest.mark.healthy("ENV017")
def test_scripts_of_this_machine() -> None:
    assert assess(scripts_with_windows_line_ends, WindowsLineEnds(), Commands(())) == []
