"""A line is appended only where it will be run, and no two files are made to read each other."""

from __future__ import annotations

from envdoctor import EditFile, Fix, Manual, Safety
from envdoctor.facts.shell.startup_files import Skipped, StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor_checks.common.startup_edits import appended, reading

RC, PROFILE = "/home/me/.bashrc", "/home/me/.bash_profile"
LINE = ". ~/.bashrc"


def ends(file: str, number: int = 4) -> StartupFiles:
    return StartupFiles(lines=(StartupLine(file=file, number=number, text="exit", kind=LineKind.STOP, name="exit"),))


def reads(file: str, other: str) -> StartupFiles:
    line = StartupLine(file=file, number=1, text=f". {other}", kind=LineKind.SOURCE, name=other)
    return StartupFiles(lines=(line,))


def test_a_line_goes_to_the_end_of_a_file_that_is_run_to_its_end() -> None:
    assert appended(LINE, PROFILE, StartupFiles()) == EditFile(PROFILE, add=(LINE,))
    assert appended(LINE, PROFILE, ends(RC)) == EditFile(PROFILE, add=(LINE,))


def test_where_a_file_may_end_before_it_the_place_is_said() -> None:
    where = f"Write `{LINE}` into {PROFILE}, above line 4, where the file may end"
    assert appended(LINE, PROFILE, ends(PROFILE)) == Manual(where)


def test_what_could_not_be_read_is_not_edited() -> None:
    startup = StartupFiles(skipped=(Skipped(PROFILE, "it is not UTF-8"),))
    why = f"Write `{LINE}` into {PROFILE}, which could not be read here: it is not UTF-8"
    assert appended(LINE, PROFILE, startup) == Manual(why)


def test_one_file_is_made_to_read_another() -> None:
    edit = EditFile(PROFILE, add=(LINE,))
    assert reading(RC, LINE, PROFILE, StartupFiles()) == Fix(
        f"Make {PROFILE} read {RC}", edit, safety=Safety.CHANGES_STATE
    )
    [by_hand] = reading(RC, LINE, PROFILE, ends(PROFILE)).actions
    assert isinstance(by_hand, Manual)


def test_but_not_one_that_it_is_read_by() -> None:
    for startup in (reads(RC, PROFILE), reads(RC, "$HOME/.bash_profile")):
        [advice] = reading(RC, LINE, PROFILE, startup).actions
        assert isinstance(advice, Manual)
        assert advice.text.startswith(f"Move the lines from {RC} to {PROFILE}: ")
