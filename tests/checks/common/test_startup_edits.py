"""A line is appended only where it will be run, and no two files are made to read each other."""

from __future__ import annotations

import msgspec
import pytest

from envdoctor import (
    CopyVariable,
    EditFile,
    Finding,
    Fix,
    Manual,
    RemoveFromPath,
    Safety,
    Scope,
    SetVariable,
    UnsetVariable,
)
from envdoctor.facts.session.context import Examined
from envdoctor.facts.shell.exported_lines import ExportedLine, ExportedLines
from envdoctor.facts.shell.startup_files import Shell, Skipped, StartupFile, StartupFiles, When
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor_checks.common.startup_edits import all_lasting, appended, file_of_new_shells, kept, lasting, reading
from tests.builders import make_examined

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


@pytest.mark.parametrize("value", ["a\nb", "it's", "\\'$(touch PWN)"])
def test_a_value_that_shells_read_differently_is_not_written_into_their_files(value: str) -> None:
    examined = make_examined(shell="bash", home="/home/me")
    step, _ = kept(Fix("Set it", SetVariable("CORP", value)), None, examined, StartupFiles()).actions
    assert step == Manual(f"Write a line into {RC} that sets CORP")


def exported(name: str, value: str, *, whole: bool = True) -> ExportedLines:
    return ExportedLines((ExportedLine(name, value, RC, 7, f"export {name}={value}" if whole else None),))


def test_a_variable_is_unset_in_the_line_that_exports_it_too() -> None:
    unset = UnsetVariable("PIP_TARGET")
    fix = Fix("Remove the setting", unset)
    edit = EditFile(RC, remove=("export PIP_TARGET=/x",))
    assert lasting(fix, exported("PIP_TARGET", "/x")) == Fix(fix.summary, edit, unset, safety=Safety.CHANGES_STATE)
    assert lasting(fix, exported("PIP_PREFIX", "/x")) is fix
    assert lasting(fix, None) is fix
    [by_hand, _] = lasting(fix, exported("PIP_TARGET", "/x", whole=False)).actions
    assert by_hand == Manual(f"Remove PIP_TARGET from line 7 of {RC}")
    finding = Finding("it is set", fix)
    changed = lasting(fix, exported("PIP_TARGET", "/x"))
    assert list(all_lasting([finding], exported("PIP_TARGET", "/x"))) == [msgspec.structs.replace(finding, fix=changed)]


def test_what_is_copied_from_another_variable_is_changed_by_hand_in_the_file() -> None:
    fix = Fix("Set both alike", CopyVariable("https_proxy", "HTTPS_PROXY"))
    by_hand = Manual(f"For new shells give https_proxy the value of HTTPS_PROXY in {RC}:7")
    changed = lasting(fix, exported("https_proxy", "http://me:pw@p.example"))
    assert changed == Fix(fix.summary, *fix.actions, by_hand, scope=Scope.SESSION)
    assert lasting(fix, exported("HTTPS_PROXY", "http://p.example")) is fix


def test_all_that_is_taken_out_of_a_list_is_taken_out_of_the_line_at_once() -> None:
    fix = Fix("Remove the entries", RemoveFromPath("/a", "PYTHONPATH"), RemoveFromPath("", "PYTHONPATH"))
    edit, *_ = lasting(fix, exported("PYTHONPATH", "/a:/mine:")).actions
    assert edit == EditFile(RC, remove=("export PYTHONPATH=/a:/mine:",), add=("export PYTHONPATH=/mine",))


def test_what_stays_in_a_list_is_written_as_before() -> None:
    line = ExportedLine("PYTHONPATH", "/home/me/a:/b", RC, 7, 'export PYTHONPATH="$HOME/a:/b"', "$HOME/a:/b")
    edit, _ = lasting(Fix("Remove /b", RemoveFromPath("/b", "PYTHONPATH")), ExportedLines((line,))).actions
    assert edit == EditFile(RC, remove=('export PYTHONPATH="$HOME/a:/b"',), add=('export PYTHONPATH="$HOME/a"',))
    [by_hand, _] = lasting(
        Fix("Remove /b", RemoveFromPath("/b", "PYTHONPATH"), RemoveFromPath("", "PYTHONPATH")),
        ExportedLines((msgspec.structs.replace(line, whole_line=None),)),
    ).actions[:2]
    assert by_hand == Manual(f"In {RC}, line 7, take the empty element and /b out of PYTHONPATH")


def examined(shell: str | None) -> Examined:
    return msgspec.convert({"shell": shell, "home": "/home/me", "cwd": "/"} | REST, Examined)


REST: dict[str, object] = {
    "login": False,
    "interactive": True,
    "shell_started": None,
    "search_path": [],
    "virtual_env": None,
    "user_id": 1000,
    "effective_user_id": 1000,
    "system": "Linux",
    "machine": "x86_64",
    "launched_as": "plain",
}


@pytest.mark.parametrize(
    ("shell", "file", "line"),
    [
        ("bash", ".bashrc", "export NAME='a b'"),
        ("zsh", ".zshrc", "export NAME='a b'"),
        ("fish", ".config/fish/config.fish", "set -gx NAME 'a b'"),
    ],
)
def test_what_no_line_sets_is_set_in_the_file_of_new_shells(shell: str, file: str, line: str) -> None:
    fix = Fix("Set NAME", SetVariable("NAME", "a b"))
    edit, step = kept(fix, None, examined(shell), None).actions
    assert (edit, step) == (EditFile(f"/home/me/{file}", add=(line,)), fix.actions[0])


def test_a_line_that_sets_it_is_changed_and_not_contradicted_by_another() -> None:
    fix = Fix("Set UV_PYTHON", SetVariable("UV_PYTHON", "3.13"))
    edit, _ = kept(fix, exported("UV_PYTHON", "3.8"), examined("bash"), StartupFiles()).actions
    assert edit == EditFile(RC, remove=("export UV_PYTHON=3.8",), add=("export UV_PYTHON=3.13",))


def test_a_shell_whose_files_are_not_known_gets_no_line() -> None:
    fix = Fix("Set NAME", SetVariable("NAME", "x"))
    assert kept(fix, None, examined("tcsh"), None) is fix
    assert kept(fix, None, examined(None), None) is fix


def test_a_directory_of_zshs_own_is_where_its_file_is() -> None:
    file = StartupFile("/home/me/dots/.zshrc", (Shell.ZSH,), When.INTERACTIVE)
    assert file_of_new_shells(examined("zsh"), StartupFiles((file,))) == file.path
