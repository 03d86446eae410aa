from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import run

pytestmark = pytest.mark.tools


def test_report_needs_no_name_and_help_names_the_commands(tmp_path: Path) -> None:
    shown = run("fleet", "--help", home=tmp_path).stdout
    assert "envdoctor fleet DIR" in shown
    assert "report" in shown
    assert "--where" in run("fleet", "report", "--help", home=tmp_path).stdout
    assert run("fleet", "none", home=tmp_path).returncode == 2
    bare = run("fleet", home=tmp_path)
    assert (bare.returncode, bare.stderr.splitlines()[-1]) == (2, "Error: Missing argument 'DIR|FILE|-'.")
