"""Which Python `uv venv` is asked for, and whether it is to be had."""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor import Unavailable
from envdoctor.facts.project.python_pins import PinFile, PinScope, PythonPins, parse
from envdoctor.facts.project.python_request import PythonRequest, probe_python_request
from envdoctor.facts.python.available import PythonAtHand, PythonsAtHand
from envdoctor.facts.uv.settings import UvSettings, UvValue, UvVariable
from tests.builders import make_answer, make_answers, make_python
from tests.support import make_session

HERE = PythonsAtHand((PythonAtHand("3.11", "/usr/bin/python3.11"), PythonAtHand("3.12.4", "/opt/bin/python3.12")))
RUNNING = make_answers(make_answer("python3", "/opt/python3", make_python("/opt", "3.13.1")))
NEVER = UvSettings((UvVariable("UV_PYTHON_DOWNLOADS", "never"),))
OFFLINE = UvSettings((UvVariable("UV_OFFLINE", "1"),))
MANUAL = UvSettings(values=(UvValue("python-downloads", "manual", "/p/uv.toml", 1),))
NO_NETWORK = UvSettings(values=(UvValue("offline", "true", "/p/uv.toml", 1),))


def pinned(text: str, settings: UvSettings | None = None, **env: str) -> PythonRequest:
    pins = PythonPins((PinFile("/p/.python-version", PinScope.PROJECT, tuple(parse(text))),))
    return probe_python_request(make_session(env), pins, settings, HERE, RUNNING)


@pytest.mark.parametrize("settings", [NEVER, OFFLINE, MANUAL, NO_NETWORK])
@pytest.mark.parametrize(
    ("text", "unmet"),
    [
        ("3.11", False),
        ("3.11.9", False),  # of that Python only the minor version is known
        ("3.12.4", False),
        ("3.13", False),
        ("3", False),
        ("cpython@3.12", False),
        (">=3.12", False),
        ("any", False),
        ("mine", False),
        ("3.12.5", True),
        ("3.1", True),
        ("3.10", True),
        (">=3.14", True),
        ("pypy3.10", True),
        ("3.99", True),
    ],
)
def test_without_downloads_it_has_to_be_here(text: str, unmet: bool, settings: UvSettings) -> None:
    assert pinned(text, settings) == PythonRequest(text, "/p/.python-version:1", unmet=unmet)


@pytest.mark.parametrize(
    ("text", "unmet"),
    [("3.10", False), ("3.12.5", False), (">=3.14", False), ("pypy3.10", False), ("3.99", True), (">=3.99", True)],
)
def test_what_uv_can_download_is_to_be_had(text: str, unmet: bool) -> None:
    assert pinned(text, UvSettings()).unmet is unmet
    assert pinned(text, None).unmet is unmet


def test_a_path_has_to_be_there_from_here_or_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "pin/envs").mkdir(parents=True)

    def unmet(text: str) -> bool:
        file = PinFile(f"{tmp_path}/pin/.python-version", PinScope.OUTSIDE, tuple(parse(text)))
        session = make_session(cwd=str(tmp_path))
        return probe_python_request(session, PythonPins((file,)), None, HERE, None).unmet

    assert [unmet(text) for text in (str(tmp_path), "./envs", "pin/envs")] == [False] * 3
    assert [unmet(text) for text in (f"{tmp_path}/none", "3.11.7/envs/mine")] == [True] * 2


def test_the_variable_counts_before_the_pin_and_the_users_pin_last() -> None:
    assert pinned("3.11", NEVER, UV_PYTHON="3.10") == PythonRequest("3.10", "UV_PYTHON", unmet=True)
    assert not pinned("3.10", NEVER, UV_PYTHON="3.11").unmet
    users = PinFile("/home/me/.config/uv/.python-version", PinScope.GLOBAL, tuple(parse("3.10")))
    assert probe_python_request(make_session(), PythonPins((users,)), NEVER, HERE, None).unmet


def test_nothing_is_asked_for() -> None:
    empty = PinFile("/p/.python-version", PinScope.PROJECT)
    for pins in (None, PythonPins((empty,))):
        with pytest.raises(Unavailable):
            probe_python_request(make_session(), pins, None, None, None)
