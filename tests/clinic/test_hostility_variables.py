"""Variables of any content, and homes, directories and search paths of any kind: the report is honest and complete."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import envdoctor
from envdoctor.facts.python import query
from envdoctor.system import child_processes
from tests.clinic.hostile_world import Remembered, SameCookie, defects, furnish
from tests.clinic.patient import Patient, assert_replay_agrees
from tests.clinic.shell import Done
from tests.clinic.test_hostility import COMMAND, assert_nothing_crashed, left_over

SOURCES = Path(envdoctor.__file__).parent
GROUPS = 6
VALUES = {
    "empty": "",
    "blank": " ",
    "control character": "\x01",
    "huge": "x" * 100_000,
    "a path that is not there": "/nonexistent",
    "a relative path": "../..",
    "not UTF-8": "\udcff\udcfe",
    "a huge number": "9" * 5000,
    "an open bracket": "http://[::1",
    "two lines": "a\nb",
}


@cache
def variables() -> tuple[str, ...]:
    """Every name in the sources that looks like a variable's: whatever a probe may read is among them."""
    nodes = (node for source in SOURCES.rglob("*.py") for node in ast.walk(ast.parse(source.read_text())))
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return tuple(sorted(filter(re.compile(r"[A-Z_][A-Z0-9_]{2,}|[a-z]+_proxy").fullmatch, texts)))


@pytest.fixture
def furnished(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> Iterator[Patient]:
    """A patient whose home is full, with tools that are really asked once each."""
    furnish(patient)
    monkeypatch.setattr(child_processes, "run", Remembered())
    monkeypatch.setattr(query, "os", SameCookie())
    yield patient
    assert left_over(patient) == []


def test_the_table_names_the_variables_that_matter() -> None:
    assert {"HOME", "PATH", "VIRTUAL_ENV", "TMUX", "UV_INDEX", "PIP_CERT", "CONDA_SHLVL", "no_proxy"} <= {*variables()}


def test_the_furnished_patient_has_no_defects(furnished: Patient) -> None:
    assert defects(furnished.env, furnished.cwd) == []


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_every_variable_with_every_odd_value(value: str, furnished: Patient) -> None:
    names = variables()
    assert defects(dict.fromkeys(names, value), furnished.cwd) == []
    for group in (names[first::GROUPS] for first in range(GROUPS)):
        assert defects({**furnished.env, **dict.fromkeys(group, value)}, furnished.cwd) == [], group


HOMES = (
    None,
    "",
    "/nonexistent",
    "/etc/passwd",
    "relative",
    "~",
    "/dev/null",
    "x" * 100_000,
    "/\udcff",
)


@pytest.mark.parametrize("home", HOMES, ids=lambda home: repr(home)[:20])
def test_every_odd_home(home: str | None, furnished: Patient) -> None:
    env = {name: value for name, value in furnished.env.items() if name != "HOME"}
    assert defects(env if home is None else {**env, "HOME": home}, furnished.cwd) == []


PATHS = {
    "unset": None,
    "empty": "",
    "10,000 elements": ":".join(f"/nonexistent/{number}" for number in range(10_000)),
    "1,000 times the same": ":".join(["/usr/bin"] * 1_000),
    "line ends": "a\nb:/usr/bin\n:/bin",
    "not UTF-8": "/\udcff:/usr/bin",
    "only blanks between colons": " : :::",
    "files for directories": "/etc/passwd:/dev/zero:/usr/bin/env",
    "codes for the terminal": "\x1b[2J:/usr/bin",
    "one huge element": "/" + "x" * 100_000,
}


@pytest.mark.parametrize("search_path", PATHS.values(), ids=PATHS)
def test_every_odd_search_path(search_path: str | None, furnished: Patient) -> None:
    env = {name: value for name, value in furnished.env.items() if name != "PATH"}
    assert defects(env if search_path is None else {**env, "PATH": search_path}, furnished.cwd) == []


# the shell itself does not survive some of these, so they are given to the command alone
GIVEN = {
    "nothing at all": "env -i",
    "no home and no search path": "env -u HOME -u PATH",
    "a home that is a file": "env HOME=/etc/passwd",
    "1,000 elements": "env PATH=$(printf '/nonexistent:%.0s' {1..1000})",
    "100 kB of control characters": "env VIRTUAL_ENV=$(printf '\\001\\033%.0s' {1..50000})",
    "bytes that are not UTF-8": "env VIRTUAL_ENV=$'/\\377' USER=$'\\376' LD_LIBRARY_PATH=$'\\375' SHELL=$'\\374'",
    "variables of 1 MB together": "env {A,B,C,D,E,F,G,H}{1,2}=$(printf '0123456789%.0s' {1..6500})",
}


@pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN)
def test_the_real_command_is_given(given: str, patient: Patient) -> None:
    done = patient.shell.run(f"{given} {COMMAND} --format json")
    assert_complete(done)


def test_the_working_directory_is_deleted(patient: Patient) -> None:
    patient.does("mkdir gone", "cd gone", "rmdir ../gone")
    assert assert_complete(patient.shell.run(f"{COMMAND} --format json"))["session"]["cwd"] is None


def assert_complete(done: Done) -> dict[str, Any]:
    """The report is whole, its exit status that of the command, and nothing of envdoctor's own went wrong."""
    assert done.stderr == ""
    document: dict[str, Any] = json.loads(done.stdout)
    assert document["exit_code"] == done.status
    assert_replay_agrees(document)
    assert_nothing_crashed(document)
    return document
