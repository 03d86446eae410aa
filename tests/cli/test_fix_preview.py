"""What is shown before a fix is applied."""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor import EditFile, Fix, Manual, Run, Severity, UnsetVariable
from envdoctor.cli import fix_preview
from envdoctor.plan.plan import Item
from envdoctor.shells.dialects import Shell
from tests.plan.world import planned, result
from tests.support import make_session


def item(*steps: EditFile | Run) -> Item:
    return planned(result("A001", Fix("Fix", *steps))).items[0]


def test_what_is_not_applied_stands_under_headings(capsys: pytest.CaptureFixture[str]) -> None:
    advice = result("C001", Fix("Make one", Run("uv", "venv")), severity=Severity.INFO)
    results = result("A001", Fix("Unset X", UnsetVariable("X"))), result("B001", Fix("Ask", Manual("Ask them"))), advice
    fix_preview.show_rest(planned(*results), Shell.FISH, advice=False)
    assert capsys.readouterr().out == (
        "For this shell, with envdoctor fix --session | source:\n  A001: Unset X\n\n"
        "By hand:\n  B001: Ask them\n\nInfo, which is applied if you name it:\n  C001: Make one\n\n"
    )
    fix_preview.show_rest(planned(advice), Shell.FISH, advice=True)
    assert capsys.readouterr().out == ""


def test_edits_of_one_file_are_shown_one_upon_the_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / ".bashrc"
    file.write_text("X\nY\n")
    edited: dict[str, bytes] = {}
    session = make_session({"HOME": str(tmp_path)})
    for line in ("X", "Y"):
        assert fix_preview.show_item(item(EditFile(str(file), remove=(line,))), Shell.BASH, session, edited) is None
    assert edited[str(file)].count(b"envdoctor A001") == 4
    assert file.read_text() == "X\nY\n"
    assert "-Y" in capsys.readouterr().out


def test_why_it_cannot_be_applied_is_told(tmp_path: Path) -> None:
    session = make_session({"HOME": str(tmp_path), "PATH": "/usr/bin"})
    (tmp_path / "f").write_text("a\n")
    (tmp_path / "tool").write_text("#!/bin/sh\n")
    (tmp_path / "tool").chmod(0o755)
    later = item(EditFile(str(tmp_path / "f"), add=("b",)), Run(str(tmp_path / "tool")))
    assert f"{tmp_path}/tool is not run" in str(fix_preview.show_item(later, Shell.BASH, session, {}))
    made = item(Run("true"), Run(str(tmp_path / "made")))
    assert fix_preview.show_item(made, Shell.BASH, session, {}) is None
    gone = EditFile(str(tmp_path / "f"), remove=("X",), add=("Y",))
    for one, reason in (
        (item(gone), f"{tmp_path}/f: lines that the fix takes out are not there as they were when it was examined"),
        (item(EditFile("/dev/null", add=("X",))), "/dev/null is no regular file"),
        (item(Run("nowhere-to-be-found")), "nowhere-to-be-found is not found on the search path"),
    ):
        assert fix_preview.show_item(one, Shell.BASH, session, {}) == reason


def test_a_file_that_a_command_is_going_to_make_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session = make_session({"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})
    made = item(Run("mkdir", str(tmp_path / "d")), EditFile(str(tmp_path / "d" / "f"), add=("X",)))
    assert fix_preview.show_item(made, Shell.BASH, session, {}) is None
    assert "--- a file that is not there" in capsys.readouterr().out
