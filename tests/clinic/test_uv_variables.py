"""Is what envdoctor believes of uv's variables true of the newest uv?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from envdoctor.facts.uv.variables import (
    ALL,
    BOOLEANS,
    CHOICES,
    EVERY_COMMAND,
    NEVER_EMPTY,
    NEVER_EMPTY_TO_INSTALL,
    NUMBERS,
    problem,
)
from tests.clinic.uv import newest_uv

pytestmark = pytest.mark.clinic

ANY = ("cache", "dir")
INSTALL = ("pip", "install", "--dry-run", "--offline", "--requirement", os.devnull)
SYNC = ("sync", "--dry-run", "--offline")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with an environment, in which every command works."""
    project = tmp_path_factory.mktemp("project")
    (project / "pyproject.toml").write_text('[project]\nname = "app"\nversion = "0"\nrequires-python = ">=3.9"\n')
    assert run(project, "venv", "--quiet", "--python", sys.executable) == 0
    return project


def run(project: Path, *arguments: str, **variables: str) -> int:
    env = {"HOME": str(project), "PATH": os.environ["PATH"], "UV_PYTHON_DOWNLOADS": "never", **variables}
    return subprocess.run([newest_uv(), *arguments], cwd=project, env=env, capture_output=True, check=False).returncode


def test_the_commands_work_by_themselves(project: Path) -> None:
    assert [run(project, *command) for command in (ANY, INSTALL, SYNC)] == [0, 0, 0]


def test_an_empty_boolean_stops_what_the_table_says(project: Path) -> None:
    for name, stopped in BOOLEANS.items():
        assert (run(project, *ANY, **{name: ""}) != 0) is (stopped == EVERY_COMMAND), name
        command = INSTALL if "`uv pip`" in stopped else SYNC
        assert run(project, *command, **{name: ""}) != 0, name
        assert run(project, *ANY, **{name: "maybe"}) == run(project, *ANY, **{name: ""}), name


def test_a_number_that_is_none_stops_everything(project: Path) -> None:
    for name in NUMBERS:
        assert run(project, *ANY, **{name: "30s"}) != 0, name
        assert run(project, *ANY, **{name: ""}) == 0, name
        assert run(project, *ANY, **{name: "30"}) == 0, name


def test_what_may_not_be_empty_stops_what_the_table_says(project: Path) -> None:
    for name in NEVER_EMPTY:
        assert run(project, *ANY, **{name: ""}) != 0, name
    for name in NEVER_EMPTY_TO_INSTALL:
        assert run(project, *ANY, **{name: ""}) == 0, name
        assert run(project, *INSTALL, **{name: ""}) != 0, name


def test_words_that_are_no_choice_stop_installs(project: Path) -> None:
    for name, words in CHOICES.items():
        assert run(project, *INSTALL, **{name: "nonsense"}) != 0, name
        for word in words:
            assert run(project, *INSTALL, **{name: word}) == 0, f"{name}={word}"


def test_a_variable_that_is_empty_and_not_complained_of_is_harmless(project: Path) -> None:
    for name in ALL:
        if problem(name, "") is None:
            assert run(project, *INSTALL, **{name: ""}) == 0, name
