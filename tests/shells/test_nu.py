"""Each step is run in a real Nushell, and its effect read back by a program that it starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor import EditFile, Manager, SetVariable
from envdoctor.engine.fix import Activate, Deactivate, Manual
from envdoctor.shells.dialects import Shell, commands
from envdoctor.shells.quoting import as_unicode
from tests.shells.evaluating import run_lines
from tests.shells.pasted import LINES, WORDS, expected

pytestmark = pytest.mark.tools


def test_each_step_does_what_it_says(tmp_path: Path) -> None:
    told = run_lines(Shell.NU, commands(LINES, Shell.NU), tmp_path, LD_LIBRARY_PATH="/a:/b;/c", Y="y v", OLD="1")
    assert told.stderr == ""
    assert expected(told.variables) == told.variables
    assert "OLD" not in told.variables


def test_values_arrive_unchanged_where_they_are_text(tmp_path: Path) -> None:
    steps = tuple(SetVariable(f"V{place}", word) for place, word in enumerate(WORDS))
    told = run_lines(Shell.NU, commands(steps, Shell.NU), tmp_path)
    assert [told.variables[step.name] for step in steps] == list(map(as_unicode, WORDS))


def test_a_file_is_edited(tmp_path: Path) -> None:
    file = tmp_path / "a rc"
    file.write_text('one\nit\'s "two"\n')
    run_lines(Shell.NU, commands((EditFile(str(file), ('it\'s "two"',), ("$three",)),), Shell.NU), tmp_path)
    assert file.read_text() == "one\n$three\n"


def test_what_it_cannot_do_is_a_comment() -> None:
    steps = (Manual("Read `this`"), Activate("ml", Manager.CONDA), Deactivate(Manager.CONDA))
    assert all(line.startswith("# ") for line in commands(steps, Shell.NU))
