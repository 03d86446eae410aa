from __future__ import annotations

import pytest

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    SetVariable,
    Severity,
)
from envdoctor.facts.mirrors.startup import StartupMirror, StartupMirrors
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor.testing import assess
from envdoctor_checks.mirrors.startup import mirror_only_in_startup_file

RC = "/home/ann/.bashrc"
A = "https://mirror.example/simple"


def mirror(
    name: str = "UV_DEFAULT_INDEX",
    value: str | None = A,
    here: str | None = None,
    *,
    number: int = 12,
    kind: LineKind = LineKind.EXPORT,
) -> StartupMirror:
    text = f"{'export ' if kind is LineKind.EXPORT else ''}{name}={value}"
    return StartupMirror(StartupLine(file=RC, number=number, text=text, kind=kind, name=name, value=value), value, here)


def found(*mirrors: StartupMirror, startup: StartupFiles | None = None) -> list[Finding]:
    return assess(mirror_only_in_startup_file, StartupMirrors(mirrors), startup or StartupFiles())


@pytest.mark.sick("MIR011")
def test_what_the_file_exports_is_not_here() -> None:
    guard = StartupLine(file=RC, number=6, text="case $- … return", kind=LineKind.GUARD, name="return")
    assert found(mirror(), mirror("HF_ENDPOINT", "https://hub.example"), startup=StartupFiles(lines=(guard,))) == [
        Finding(
            "UV_DEFAULT_INDEX and HF_ENDPOINT are exported in /home/ann/.bashrc, but not set in this session",
            Fix(
                "Set UV_DEFAULT_INDEX and HF_ENDPOINT here too",
                SetVariable("UV_DEFAULT_INDEX", A),
                SetVariable("HF_ENDPOINT", "https://hub.example"),
            ),
            f"{RC}:12",
            (
                Evidence(f"export UV_DEFAULT_INDEX={A}", f"{RC}:12"),
                Evidence("export HF_ENDPOINT=https://hub.example", f"{RC}:12"),
                Evidence("the file ends here unless the shell is interactive", f"{RC}:6"),
            ),
        )
    ]


@pytest.mark.sick("MIR011")
def test_what_is_not_exported_is_nowhere() -> None:
    [finding] = found(mirror(kind=LineKind.ASSIGNMENT))
    assert finding.message == f"UV_DEFAULT_INDEX is set in {RC} without export, so that no program sees it"
    assert finding.fix.actions == (
        SetVariable("UV_DEFAULT_INDEX", A),
        Manual(f"Write export in front of it in {RC}:12."),
    )


def test_a_secret_is_taken_from_the_file_itself() -> None:
    [finding] = found(mirror(value="https://me:pw@mirror.example/simple"))
    assert finding.fix.actions == (
        Manual(f"Run the line that sets UV_DEFAULT_INDEX in {RC}:12, or start a new shell."),
    )


def test_another_value_may_be_meant() -> None:
    [finding] = found(mirror(here="https://other.example/simple"))
    assert finding.message == f"UV_DEFAULT_INDEX is not what {RC} sets it to"
    assert finding.severity is Severity.INFO


@pytest.mark.healthy("MIR011")
@pytest.mark.parametrize(
    "one",
    [
        mirror(here=A),
        mirror(here=f"{A}\r"),
        mirror(value=None),
        mirror(value=None, here=A),
        mirror(kind=LineKind.ASSIGNMENT, here=A),
    ],
)
def test_what_is_here_or_cannot_be_known(one: StartupMirror) -> None:
    assert found(one) == []
