"""Each step is rendered, run in the real shell, and its effect read back."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from envdoctor.engine.fix import (
    Activate,
    AnyAction,
    CopyVariable,
    Deactivate,
    EditFile,
    Manager,
    Manual,
    PrependPath,
    RemoveFromPath,
    Run,
    SetFromOutput,
    SetVariable,
    UnsetVariable,
)
from envdoctor.shells.dialects import Shell, commands, lines_of
from tests.support import needs_tool

pytestmark = pytest.mark.tools  # every step is run in a real shell


REAL = [Shell.BASH, Shell.ZSH, Shell.FISH]


NASTY = "a b'c\"d$HOME`x`\\e*;é"


def after(shell: Shell, action: AnyAction, show: str, **variables: str) -> str:
    """What `show` prints in a real shell that has run the step."""
    program = needs_tool(shell.value)
    quiet = {Shell.BASH: ["--norc"], Shell.ZSH: ["-f"], Shell.FISH: ["--no-config"]}[shell]
    script = "\n".join([*commands((action,), shell), show])
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **variables}
    done = subprocess.run([program, *quiet, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("shell", REAL)
def test_values_arrive_unchanged(shell: Shell) -> None:
    assert after(shell, SetVariable("X", NASTY), 'printf %s "$X"') == NASTY
    assert after(shell, Run("printf", "%s", NASTY), "") == NASTY
    assert after(shell, Run("printenv", "X", variables=(("X", NASTY),)), "") == f"{NASTY}\n"


@pytest.mark.parametrize("shell", REAL)
def test_variables_are_unset_on_one_line_and_other_steps_keep_theirs(shell: Shell) -> None:
    steps = (UnsetVariable("A"), UnsetVariable("B"), SetVariable("C", "1"), UnsetVariable("D"))
    pasted = tuple(lines_of(steps, shell))
    assert [step for _, step in pasted] == [steps[0], steps[2], steps[3]]
    assert [text for text, _ in pasted][1:] == list(commands(steps[2:], shell))
    show = f"{pasted[0][0]}; printenv A B C || printf %s none"
    assert after(shell, SetVariable("A", "1"), show, B="2") == "none"


@pytest.mark.parametrize(
    ("shell", "shown"),
    [
        (Shell.NU, ["hide-env --ignore-errors A B"]),
        (Shell.POWERSHELL, ["Remove-Item Env:A, Env:B"]),
        (Shell.TCSH, ["unsetenv A", "unsetenv B"]),
        (Shell.XONSH, ["_ = ${...}.pop('A', None)", "_ = ${...}.pop('B', None)"]),
    ],
)
def test_a_shell_that_unsets_one_at_a_time_gets_a_line_for_each(shell: Shell, shown: list[str]) -> None:
    assert [text for text, _ in lines_of((UnsetVariable("A"), UnsetVariable("B")), shell)] == shown


@pytest.mark.parametrize("shell", REAL)
def test_a_value_is_taken_from_elsewhere_unchanged(shell: Shell) -> None:
    assert after(shell, CopyVariable("X", "Y"), 'printf %s "$X"', Y=NASTY, LANG="C.UTF-8") == NASTY
    assert after(shell, SetFromOutput("X", ("printf", "%s\\n", NASTY)), "/usr/bin/printenv X") == f"{NASTY}\n"


@pytest.mark.parametrize("shell", REAL)
def test_a_command_runs_in_its_directory_and_only_there(shell: Shell, tmp_path: Path) -> None:
    place = tmp_path / "a b"
    place.mkdir()
    printed = after(shell, Run("pwd", directory=str(place)), "cd /; pwd")
    assert printed.splitlines() == [str(place), "/"]


@pytest.mark.parametrize("shell", REAL)
def test_a_variable_is_unset(shell: Shell) -> None:
    assert after(shell, UnsetVariable("X"), "env", X="1").count("X=1") == 0


@pytest.mark.parametrize("shell", REAL)
@pytest.mark.parametrize(
    ("before", "removed", "left"),
    [
        ("/a:/b:/c", "/b", "/a:/c"),
        ("/b:/b:/a:/b", "/b", "/a"),
        ("/a:/b c*:/d", "/b c*", "/a:/d"),
        ("/a:/bb:/b", "/b", "/a:/bb"),
        ("/a::/c:", "", "/a:/c"),
        (":::/a", "", "/a"),
        ("/a:/c", "/b", "/a:/c"),
        ("/a;/b;;/c:/b", "/b", "/a::/c"),
        ("/a;;/b:/c", "", "/a:/b:/c"),
    ],
)
def test_every_occurrence_of_an_element_is_removed(shell: Shell, before: str, removed: str, left: str) -> None:
    step = RemoveFromPath(removed, variable="LD_LIBRARY_PATH", semicolons=True)
    assert after(shell, step, "/usr/bin/printenv LD_LIBRARY_PATH", LD_LIBRARY_PATH=before) == f"{left}\n"


@pytest.mark.parametrize("shell", REAL)
def test_prepending_leaves_no_empty_element(shell: Shell) -> None:
    show = "/usr/bin/printenv LD_LIBRARY_PATH"
    assert after(shell, PrependPath("/n w", variable="LD_LIBRARY_PATH"), show) == "/n w\n"
    assert after(shell, PrependPath("/n w", variable="LD_LIBRARY_PATH"), show, LD_LIBRARY_PATH="/a") == "/n w:/a\n"


@pytest.mark.parametrize("shell", REAL)
def test_an_inherited_activation_is_left_without_a_deactivate_function(shell: Shell) -> None:
    assert "VIRTUAL_ENV" not in after(shell, Deactivate(), "env", VIRTUAL_ENV="/v", VIRTUAL_ENV_PROMPT="v")


@pytest.mark.parametrize("shell", REAL)
def test_a_program_named_deactivate_is_not_run(shell: Shell, tmp_path: Path) -> None:
    program = tmp_path / "deactivate"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    program.chmod(0o755)
    left = after(shell, Deactivate(), "/usr/bin/env", VIRTUAL_ENV="/v", PATH=f"{tmp_path}:/usr/bin:/bin")
    assert "VIRTUAL_ENV" not in left
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("shell", [Shell.BASH, Shell.ZSH])
@pytest.mark.parametrize(
    "action",
    [
        RemoveFromPath("/a", "LD_LIBRARY_PATH", semicolons=True),
        RemoveFromPath("", "LD_LIBRARY_PATH"),
        PrependPath("/a", "LD_LIBRARY_PATH"),
        UnsetVariable("NOT_SET"),
        CopyVariable("X", "NOT_SET"),
        Deactivate(),
    ],
)
def test_a_shell_that_stops_at_unset_variables(shell: Shell, action: AnyAction) -> None:
    program = needs_tool(shell.value)
    script = "\n".join(["set -eu", *commands((action,), shell), "echo reached"])
    done = subprocess.run(
        [program, "-c", script], env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("reached\n", "")


@pytest.mark.parametrize("action", [UnsetVariable("NOT_SET"), Deactivate(), RemoveFromPath("/none")])
def test_what_is_not_there_to_be_undone_is_no_failure_in_fish(action: AnyAction) -> None:
    assert after(Shell.FISH, action, "echo $status") == "0\n"


@pytest.mark.parametrize("word", ["=ls", "a==ls", "a:=ls", "--index==ls"])
def test_zsh_takes_no_word_for_the_path_of_a_command(word: str) -> None:
    assert after(Shell.ZSH, Run("printf", "%s", word), "") == word
    assert after(Shell.ZSH, SetVariable("X", word), 'printf %s "$X"') == word
    assert after(Shell.ZSH, Run("printenv", "X", variables=(("X", word),)), "") == f"{word}\n"
    assert after(Shell.ZSH, SetFromOutput("X", ("printf", "%s", word)), "printenv X") == f"{word}\n"


@pytest.mark.parametrize("shell", REAL)
def test_a_file_with_carriage_returns_keeps_them(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "pip.conf"
    file.write_bytes(b"[global]\r\nuser = true\r\nno-index = no\r\n")
    after(shell, EditFile(str(file), remove=("user = true",), add=("retries = 3", "timeout = 9")), "")
    assert file.read_bytes() == b"[global]\r\nno-index = no\r\nretries = 3\r\ntimeout = 9\r\n"
    file.write_bytes(b"[global]\r\nno-index = no")
    after(shell, EditFile(str(file), add=("retries = 3",)), "")
    assert file.read_bytes() == b"[global]\r\nno-index = no\r\nretries = 3\r\n"


@pytest.mark.parametrize("shell", REAL)
def test_lines_are_taken_out_of_a_file_and_appended_to_it(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "a rc"
    file.write_text("one\nexport X='1'\none more\n")
    file.chmod(0o640)
    after(shell, EditFile(str(file), remove=("export X='1'", "one"), add=("two 'quoted'",)), "")
    assert file.read_text() == "one more\ntwo 'quoted'\n"
    assert file.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "a rc.before-envdoctor").read_text() == "one\nexport X='1'\none more\n"


@pytest.mark.parametrize("shell", REAL)
@pytest.mark.parametrize(
    ("before", "left"),
    [
        ("", ""),
        ("one\n", "one\n"),
        ("one", "one\n"),
        ("o", "o\n"),
        ("caf\u00e9", "caf\u00e9\n"),
        ("one\n\n", "one\n\n"),
    ],
)
def test_what_is_appended_begins_on_a_line_of_its_own(shell: Shell, before: str, left: str, tmp_path: Path) -> None:
    file = tmp_path / "rc"
    file.write_text(before)
    after(shell, EditFile(str(file), add=("two", "three")), "")
    assert file.read_text() == f"{left}two\nthree\n"
    file.unlink()
    after(shell, EditFile(str(file), add=("two",)), "")
    assert file.read_text() == "two\n"


@pytest.mark.parametrize("shell", REAL)
def test_a_copy_from_before_is_never_overwritten(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "a rc"
    file.write_text("one\ntwo\nthree\n")
    for gone in ("one", "two", "three"):
        after(shell, EditFile(str(file), remove=(gone,)), "")
    copies = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert copies == {
        "a rc": "",
        "a rc.before-envdoctor": "one\ntwo\nthree\n",
        "a rc.before-envdoctor+": "two\nthree\n",
        "a rc.before-envdoctor++": "three\n",
    }


UNSEEN = "a'\x1b]0;b!c\x07\nd\\ \u202e\u2028\x85e\udcff$(f)`g`"


@pytest.mark.parametrize("shell", REAL)
def test_what_cannot_be_shown_is_said_in_escapes_and_means_the_same(shell: Shell, tmp_path: Path) -> None:
    """A name may hold escape sequences, line ends, marks that turn a line round, and bytes that are no text."""
    place, moved = tmp_path / UNSEEN, tmp_path / f"{UNSEEN}."
    place.mkdir()
    (place / "rc").write_text("one\n")
    steps = (
        EditFile(str(place / "rc"), remove=("one",), add=("two",)),
        Run("touch", "here", directory=str(place)),
        SetVariable("X", UNSEEN),
        Run("mv", str(place), str(moved)),
    )
    lines = commands(steps, shell)
    assert all(map(str.isprintable, lines))
    typed(shell, lines, tmp_path)
    assert {path.name: path.read_text() for path in moved.iterdir()} == {
        "here": "",
        "rc": "two\n",
        "rc.before-envdoctor": "one\n",
    }
    left = {path.name for path in tmp_path.iterdir()}
    assert left - {".config", ".local"} == {moved.name, "end"}  # fish keeps files of its own


@pytest.mark.parametrize("shell", Shell)
@given(st.text(), st.text())
def test_every_command_is_one_printable_line(shell: Shell, one: str, two: str) -> None:
    steps = (
        Run("mv", one, two, variables=(("X", one),), directory=two),
        SetVariable("X", one),
        SetFromOutput("X", (one, two)),
        PrependPath(one),
        RemoveFromPath(two),
        Activate(one),
        Activate(two, Manager.CONDA),
        EditFile(one, remove=(one,), add=(two,)),
    )
    assert all(map(str.isprintable, commands(steps, shell)))


def typed(shell: Shell, lines: Sequence[str], home: Path) -> None:
    """Type lines into a real interactive shell, in whose `home` a command that runs leaves a file."""
    program = needs_tool(shell.value)
    quiet = {Shell.BASH: ["--norc", "-i"], Shell.ZSH: ["-fi"], Shell.FISH: ["--no-config", "-i"]}[shell]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(home), "HISTFILE": "/dev/null", "TERM": "dumb"}
    text = "\n".join(["echo 'a", ":>from-history #'", *lines, ": >end", "exit", ""])
    subprocess.run(
        [program, *quiet], input=text.encode(), env=environment, cwd=home, capture_output=True, check=False, timeout=60
    )


HOSTILE = (
    *("$(: >ran)", "`: >ran`", "(: >ran)", "\n: >ran\n", "\r: >ran\r", ";: >ran;", "&&: >ran||: >ran", "|: >ran"),
    *("'", '"', "''", "\\", "\\\n", "#", "!-1", "!!", "^a^b", "\t", " ", "\x1b[201~", "\x03", "\x85", "\u2028"),
    *("{", "(", "é", "\udc80", "0"),
)


TEXTS = st.lists(st.lists(st.sampled_from(HOSTILE), max_size=6).map("".join), min_size=1, max_size=40)


@pytest.mark.parametrize("shell", REAL)
@settings(max_examples=12, deadline=None)
@given(TEXTS)
@example([*HOSTILE, *(f"'{text}" for text in HOSTILE)])
def test_no_text_of_a_manual_step_runs_anything(shell: Shell, texts: list[str]) -> None:
    """Many texts at a time, as a shell takes a while to start. The last line shows that the shell was still reading."""
    lines = commands(tuple(map(Manual, texts)), shell)
    with TemporaryDirectory() as home:
        typed(shell, lines, Path(home))
        assert {path.name for path in Path(home).iterdir() if path.is_file()} == {"end"}, lines


@pytest.mark.parametrize("shell", Shell)
@given(TEXTS)
def test_a_manual_step_is_one_printable_line(shell: Shell, texts: list[str]) -> None:
    assert all(map(str.isprintable, commands(tuple(map(Manual, texts)), shell)))
