from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import run

pytestmark = pytest.mark.tools


def test_it_shows_what_runs_and_where_installs_land(tmp_path: Path) -> None:
    shown = run("which", home=tmp_path)
    assert shown.returncode == 0
    assert "Where an install would land" in shown.stdout
    one = run("which", "sh", "no-such-command", home=tmp_path)
    assert one.returncode == 1
    assert "no-such-command  not found on the search path" in one.stdout
    assert "Where an install" not in one.stdout
    document = json.loads(run("which", "--format", "json", home=tmp_path).stdout)
    assert {target["command"] for target in document["targets"]} >= {"pip install", "uv pip install"}


def test_a_name_that_is_no_text_is_shown_and_cannot_drive_the_terminal(tmp_path: Path) -> None:
    done = run("which", "\x1b[2J\udcff", home=tmp_path)
    assert "\x1b" not in done.stdout + done.stderr


def test_options_of_the_indexes_need_them(tmp_path: Path) -> None:
    assert run("which", "--indexes", "pip", home=tmp_path).returncode == 2
    assert run("which", "--network", home=tmp_path).returncode == 2
