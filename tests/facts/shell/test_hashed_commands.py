from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.shell.hashed_commands import NewCommand, probe_command_cache
from envdoctor.facts.venv.layout import Tool
from envdoctor.facts.venv.pyvenv_cfg import parse
from tests.builders import make_active, make_commands, make_examined, make_hit

FINISHED, STARTED, LATER = 1000.0, 2000.0, 3000.0


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """An environment that was finished before the shell was started, with a pip and a uv of its own."""
    (tmp_path / "bin").mkdir()
    for name, modified in (("activate", FINISHED), ("pip", LATER), ("uv", FINISHED)):
        (tmp_path / "bin" / name).touch()
        os.utime(tmp_path / "bin" / name, (modified, modified))
    return tmp_path


def changed(
    venv: Path, *others: str, started: float = STARTED, tool: Tool = Tool.UV, **active: Any
) -> tuple[NewCommand, ...]:
    own = [make_hit(name, f"{venv}/bin/{name}", None) for name in ("pip", "uv")]
    behind = [make_hit(name, f"/usr/bin/{name}", None, position=1) for name in others]
    examined = make_examined(shell_started=started)
    return probe_command_cache(examined, make_commands(*own, *behind), make_active(str(venv), tool, **active)).commands


def test_only_what_is_new_and_hides_another_counts(venv: Path) -> None:
    assert changed(venv, "pip", "uv") == (NewCommand("pip", f"{venv}/bin/pip", "/usr/bin/pip"),)
    assert changed(venv, "uv") == ()
    assert changed(venv, "pip", started=LATER) == ()


def test_what_was_finished_after_the_shell_was_started_has_been_activated_since(venv: Path) -> None:
    os.utime(venv / "bin/activate", (LATER, LATER))
    assert changed(venv, "pip", "uv") == ()


@pytest.mark.parametrize(
    ("tool", "config", "is_new"),
    [
        (Tool.VENV, "command = /usr/bin/python3 -m venv /p/.venv", False),
        (Tool.VENV, "command = /usr/bin/python3 -m venv --without-pip /p/.venv", True),
        (Tool.VENV, "version = 3.10.4", False),
        (Tool.VIRTUALENV, "virtualenv = 20.29.3", False),
        (Tool.UV, "uv = 0.9.1\nseed = true", False),
        (Tool.UV, "uv = 0.9.1", True),
    ],
)
def test_an_upgrade_of_the_pip_that_came_with_the_environment_is_no_news(
    venv: Path, tool: Tool, config: str, is_new: bool
) -> None:
    assert bool(changed(venv, "pip", tool=tool, settings=parse(f"{venv}/pyvenv.cfg", config))) is is_new


def test_a_command_in_front_of_the_environment_is_no_news(venv: Path) -> None:
    hits = [make_hit("pip", "/usr/bin/pip", None), make_hit("pip", f"{venv}/bin/pip", None, position=1)]
    active = make_active(str(venv))
    assert probe_command_cache(make_examined(shell_started=STARTED), make_commands(*hits), active).commands == ()


@pytest.mark.parametrize(
    "session", [{"shell": "fish"}, {"shell": None}, {"interactive": False}, {"shell_started": None}]
)
def test_some_shells_remember_nothing_or_do_not_tell(venv: Path, session: dict[str, Any]) -> None:
    with pytest.raises(Unavailable):
        probe_command_cache(make_examined(**session), make_commands(), make_active(str(venv)))
