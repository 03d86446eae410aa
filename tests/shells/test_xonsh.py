"""Each step is run in a real xonsh, and its effect read back by a program that it starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor import EditFile, Manager, SetVariable
from envdoctor.engine.fix import Activate, Deactivate, Manual
from envdoctor.shells.dialects import Shell, commands
from tests.shells.evaluating import run_lines
from tests.shells.pasted import LINES, WORDS, expected

pytestmark = pytest.mark.tools


def test_each_step_does_what_it_says(tmp_path: Path) -> None:
    told = run_lines(Shell.XONSH, commands(LINES, Shell.XONSH), tmp_path, LD_LIBRARY_PATH="/a:/b;/c", Y="y v", OLD="1")
    assert told.stderr == ""
    assert expected(told.variables) == told.variables
    assert "OLD" not in told.variables


def test_values_arrive_unchanged(tmp_path: Path) -> None:
    steps = tuple(SetVariable(f"V{place}", word) for place, word in enumerate(WORDS))
    told = run_lines(Shell.XONSH, commands(steps, Shell.XONSH), tmp_path)
    assert [told.variables[step.name] for step in steps] == list(WORDS)


def test_a_file_is_edited(tmp_path: Path) -> None:
    file = tmp_path / "a rc"
    file.write_text('one\nit\'s "two"\n')
    run_lines(Shell.XONSH, commands((EditFile(str(file), ('it\'s "two"',), ("$three",)),), Shell.XONSH), tmp_path)
    assert file.read_text() == "one\n$three\n"


def test_conda_has_its_own_command_and_what_is_done_by_hand_is_a_comment() -> None:
    steps = (Activate("a b", Manager.CONDA), Deactivate(Manager.CONDA), Manual("Read `this`"))
    assert commands(steps, Shell.XONSH) == ("conda activate @('a b')", "conda deactivate", "# Read `this`")
