"""What is printed for `eval` is taken in by real shells, and its effect read back by a program that they start."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from envdoctor import (
    Activate,
    CopyVariable,
    Manager,
    Manual,
    PrependPath,
    RemoveFromPath,
    Run,
    SetFromOutput,
    SetVariable,
    UnsetVariable,
)
from envdoctor.shells.dialects import Shell, commands
from envdoctor.shells.evaluated import OF_DATA, evaluated
from envdoctor.shells.part import Part
from envdoctor.shells.quoting import as_unicode
from tests.shells.evaluating import COMMANDS, EVERY_KIND, PATH, applied, faults, take_in
from tests.shells.words import HOSTILE

pytestmark = pytest.mark.tools

SHELLS = tuple(COMMANDS)
SCRIPTED = tuple(shell for shell in SHELLS if shell not in OF_DATA)
NASTY = "'\"\\$`!~=*?[]{}()<>|&;#%^@ \t\n\r\x1b\x07\x7fané\U0001f600-+,.:/:"
RANDOM = random.Random(12)  # the same strings in every run


def values() -> list[str]:
    """Those that a shell could take for something else, and 250 of characters that it could."""
    drawn = ("".join(RANDOM.choices(NASTY, k=RANDOM.randint(1, 12))) for _ in range(250))
    return [*HOSTILE, *drawn]


@pytest.mark.thorough
@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell.value)
def test_every_value_arrives_as_it_is(shell: Shell, tmp_path: Path) -> None:
    wanted = {f"V{place}": word for place, word in enumerate(values())}
    parts = [Part("A001", f"a title with {word}", (SetVariable(name, word),)) for name, word in wanted.items()]
    taken = applied(shell, parts, tmp_path)
    assert taken.stderr == ""
    got = {name: taken.variables.get(name) for name in wanted}
    if shell is Shell.NU:  # which knows text only
        wanted = {name: as_unicode(word) for name, word in wanted.items()}
    if shell is Shell.TCSH:  # which has no line ends in what it evaluates
        wanted = {name: word.replace("\n", " ") for name, word in wanted.items()}
    assert {name: (got[name], wanted[name]) for name in wanted if got[name] != wanted[name]} == {}


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell.value)
def test_lists_and_variables_change_as_the_steps_say_and_a_second_time_no_more(shell: Shell, tmp_path: Path) -> None:
    steps = (
        RemoveFromPath("/gone/bin"),
        RemoveFromPath("/new dir"),
        PrependPath("/new dir"),
        RemoveFromPath("/b", "LD_LIBRARY_PATH", semicolons=True),
        UnsetVariable("NOT_SET"),
        UnsetVariable("OLD"),
        CopyVariable("COPY", "SOURCE"),
    )
    before = {"PATH": f"/gone/bin:{PATH}", "LD_LIBRARY_PATH": "/a:/b;/c", "OLD": "1", "SOURCE": "it's $HOME"}
    taken = applied(shell, (Part("A001", "a `title`", steps),), tmp_path, **before)
    assert (taken.stderr, taken.status) == ("", "0")
    assert taken.variables["PATH"] == f"/new dir:{PATH}"
    assert taken.variables["LD_LIBRARY_PATH"] == "/a:/c"
    assert taken.variables["COPY"] == "it's $HOME"
    assert "OLD" not in taken.variables
    again = applied(shell, (Part("A001", "again", steps),), tmp_path, **{**before, **_kept(taken.variables, before)})
    assert _kept(again.variables, before) == _kept(taken.variables, before)


def _kept(variables: dict[str, str], names: dict[str, str]) -> dict[str, str]:
    return {name: variables[name] for name in (*names, "COPY") if name in variables}


@pytest.mark.parametrize("shell", SCRIPTED, ids=lambda shell: shell.value)
def test_a_step_that_fails_stops_its_own_fix_and_the_verdict_is_the_status(shell: Shell, tmp_path: Path) -> None:
    parts = (
        Part("A001", "fails", (SetVariable("ONE", "1"), Run("false"), SetVariable("TWO", "2"))),
        Part(
            "A002", "has no value", (SetFromOutput("THREE", ("sh", "-c", "echo x; exit 1")), SetVariable("FOUR", "4"))
        ),
        Part("A003", "works", (SetFromOutput("FIVE", ("echo", "5")), SetVariable("SIX", "6"))),
    )
    taken = applied(shell, parts, tmp_path)
    assert taken.status == "1"
    assert {name for name in ("ONE", "TWO", "FIVE", "SIX") if name in taken.variables} == {"ONE", "FIVE", "SIX"}
    told = ["envdoctor: A001 is not applied: a step has failed", "envdoctor: A002 is not applied: a step has failed"]
    assert taken.stderr.splitlines() == told
    assert not {"THREE", "FOUR"} & set(taken.variables)
    assert not [name for name in taken.variables if name.startswith("_envdoctor")]


def cut(shell: Shell) -> list[str]:
    """A text for two fixes, cut off in the middle of a step, of a line, and before its last line."""
    parts = (Part("A001", "one", (SetVariable("ONE", "1"),)), Part("A002", "two", (SetVariable("TWO", "2"),)))
    text = evaluated(parts, shell, {"PATH": PATH})
    lines = text.splitlines(keepends=True)
    return [text[: text.index("TWO") + 2], text[: text.index("TWO") + 4], text[:-3], "".join(lines[: len(lines) // 2])]


@pytest.mark.parametrize("shell", [Shell.BASH, Shell.ZSH, Shell.FISH], ids=lambda shell: shell.value)
def test_a_script_that_is_cut_off_changes_nothing(shell: Shell, tmp_path: Path) -> None:
    for text in cut(shell):
        taken = take_in(shell, text, tmp_path)
        assert not {"ONE", "TWO"} & set(taken.variables), text
        assert taken.stderr


def test_data_that_is_cut_off_is_none() -> None:
    for text in cut(Shell.XONSH):
        with pytest.raises(SyntaxError):
            compile(text, "cut", "exec")
    for text in cut(Shell.NU)[:3]:
        with pytest.raises(json.JSONDecodeError):
            json.loads(text)
    assert cut(Shell.NU)[3] == ""  # which is nothing to do


@pytest.mark.parametrize("shell", [Shell.BASH, Shell.ZSH], ids=lambda shell: shell.value)
def test_aliases_and_unset_variables_and_hashing_that_is_off_do_no_harm(shell: Shell, tmp_path: Path) -> None:
    aliases = "alias export='echo caught' unset='echo caught' hash='echo caught'"
    before = f"shopt -s expand_aliases 2>/dev/null; {aliases}; set -u; set +h"
    steps = (SetVariable("ONE", "1"), UnsetVariable("OLD"), RemoveFromPath("/x", "NEVER"), Run("hash", "-r"))
    taken = applied(shell, (Part("A001", "a", steps),), tmp_path, before, OLD="1")
    assert (taken.stderr, taken.status) == ("", "0")
    assert taken.variables["ONE"] == "1"
    assert "OLD" not in taken.variables


def test_of_powershell_every_text_is_one_script(tmp_path: Path) -> None:
    parts = [Part("A001", word, (SetVariable("V", word), UnsetVariable("W"), Run("tool", word))) for word in values()]
    assert faults(evaluated(parts, Shell.POWERSHELL, {})) == []
    for step in EVERY_KIND:
        # the grammar wants a statement in every script, and a step by hand is a comment
        assert faults(f"{commands((step,), Shell.POWERSHELL)[0]}\n$null = 1\n") == [], step
        if not isinstance(step, Manual):
            assert faults(evaluated((Part("A001", "a", (step,)),), Shell.POWERSHELL, {})) == [], step


@pytest.mark.parametrize("shell", [Shell.BASH, Shell.ZSH], ids=lambda shell: shell.value)
@pytest.mark.parametrize("function", [True, False])
def test_conda_activates_by_its_function_or_by_what_its_program_prints(
    shell: Shell, function: bool, tmp_path: Path
) -> None:
    program = tmp_path / "conda"
    program.write_text('#!/bin/sh\n[ "$1 $2 $3" = "shell.posix activate a b" ] && echo "export BY=program"\n')
    program.chmod(0o755)
    before = 'conda() { [ "$1 $2" = "activate a b" ] && export BY=function; }' if function else ""
    part = Part("A001", "a", (Activate("a b", Manager.CONDA),))
    taken = applied(shell, (part,), tmp_path, before, PATH=f"{tmp_path}:{PATH}")
    assert (taken.stderr, taken.status) == ("", "0")
    assert taken.variables["BY"] == ("function" if function else "program")


def test_where_no_conda_is_the_fix_fails(tmp_path: Path) -> None:
    taken = applied(Shell.BASH, (Part("A001", "a", (Activate("ml", Manager.CONDA),)),), tmp_path)
    assert taken.status == "1"
    assert taken.stderr.endswith("envdoctor: A001 is not applied: a step has failed\n")
