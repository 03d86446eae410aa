"""Each step is run in a real tcsh, and its effect read back by a program that it starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from envdoctor.engine.fix import (
    Activate,
    AnyAction,
    CopyVariable,
    Deactivate,
    EditFile,
    Manual,
    PrependPath,
    RemoveFromPath,
    Run,
    SetFromOutput,
    SetVariable,
    UnsetVariable,
)
from envdoctor.shells.dialects import Shell, commands, dialect_of
from tests.support import needs_tool

pytestmark = pytest.mark.tools

NASTY = "a b'c\"d$HOME`x`\\e*;é!!=ls~#"


def after(show: str, *actions: AnyAction, **variables: str) -> str:
    """What `show` prints in a tcsh that has run the steps."""
    script = "\n".join([*commands(actions, Shell.TCSH), show, ""])
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8", **variables}
    program = needs_tool("tcsh")
    done = subprocess.run([program, "-f"], input=script, env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout


def test_values_arrive_unchanged() -> None:
    assert after("printenv X", SetVariable("X", NASTY)) == f"{NASTY}\n"
    assert after("", Run("printf", "%s", NASTY)) == NASTY
    assert after("", Run("printenv", "X", variables=(("X", NASTY),))) == f"{NASTY}\n"
    assert after("printenv X", CopyVariable("X", "Y"), Y="a b*$c") == "a b*$c\n"
    assert after("printenv X", SetFromOutput("X", ("printf", "%s", "a b*"))) == "a b*\n"


def test_a_command_runs_in_its_directory_and_only_there(tmp_path: Path) -> None:
    place = tmp_path / "a b"
    place.mkdir()
    assert after("cd /; pwd", Run("pwd", directory=str(place))).splitlines() == [str(place), "/"]


def test_a_variable_is_unset_and_one_that_is_not_set_is_no_error() -> None:
    assert "X=1" not in after("env", UnsetVariable("X"), X="1")
    assert after("echo $status", UnsetVariable("NOT_SET")) == "0\n"


@pytest.mark.parametrize(
    ("before", "removed", "left"),
    [("/a:/b:/c", "/b", "/a:/c"), ("/b:/b c:/b", "/b", "/b c"), ("/a::/c:", "", "/a:/c"), ("/a;/b:/c", "/b", "/a:/c")],
)
def test_every_occurrence_of_an_element_is_removed(before: str, removed: str, left: str) -> None:
    step = RemoveFromPath(removed, "LD_LIBRARY_PATH", semicolons=True)
    assert after("printenv LD_LIBRARY_PATH", step, LD_LIBRARY_PATH=before) == f"{left}\n"
    assert "LD_LIBRARY_PATH" not in after("env", step)


def test_prepending_leaves_no_empty_element() -> None:
    step = PrependPath("/n w", "LD_LIBRARY_PATH")
    assert after("printenv LD_LIBRARY_PATH", step) == "/n w\n"
    assert after("printenv LD_LIBRARY_PATH", step, LD_LIBRARY_PATH="/a") == "/n w:/a\n"


def test_an_environment_is_activated_and_deactivated(tmp_path: Path) -> None:
    root = str(tmp_path / "an env")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root], check=True)
    assert after("printenv VIRTUAL_ENV; which python", Activate(root)).splitlines() == [root, f"{root}/bin/python"]
    steps = (Activate(root), Deactivate(), RemoveFromPath(f"{root}/bin"))
    left = after("env", *steps).splitlines()
    assert "PATH=/usr/bin:/bin" in left
    assert not [line for line in left if line.startswith("VIRTUAL_ENV")]


def test_an_inherited_activation_is_left() -> None:
    left = after("env", Deactivate(), RemoveFromPath("/v/bin"), VIRTUAL_ENV="/v", PATH="/v/bin:/usr/bin:/bin")
    assert "VIRTUAL_ENV" not in left
    assert "PATH=/usr/bin:/bin" in left.splitlines()


def test_a_file_is_edited(tmp_path: Path) -> None:
    file = tmp_path / "a rc"
    file.write_text("one\necho 'hi there!'\n")
    after("", EditFile(str(file), remove=("echo 'hi there!'",), add=("two!",)))
    assert file.read_text() == "one\ntwo!\n"


def test_what_no_command_can_do_does_nothing(tmp_path: Path) -> None:
    text = f"Read `touch {tmp_path}/x` and $(touch {tmp_path}/x); it's # nothing!"
    assert after("", Manual(text)) == ""
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("name", "shell"), [("tcsh", Shell.TCSH), ("csh", Shell.TCSH), ("pwsh", Shell.POWERSHELL), ("fish", Shell.FISH)]
)
def test_the_calling_shell_has_its_dialect(name: str, shell: Shell) -> None:
    assert dialect_of(name) is shell


@pytest.mark.parametrize("name", [None, "dash", "nosuchshell"])
def test_any_other_shell_gets_the_lines_of_bash(name: str | None) -> None:
    assert dialect_of(name) is Shell.BASH
