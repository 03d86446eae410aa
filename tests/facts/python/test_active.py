from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from envdoctor.engine.fact import TimedOut, Unavailable
from envdoctor.facts.python.active import ActivePython, Answer, Answers
from tests.builders import make_interpreter
from tests.support import make_session, see

pytestmark = pytest.mark.tools


def active(path: str, python: str | None = None) -> ActivePython:
    return see(ActivePython, make_session({"PATH": path, "HOME": "/nonexistent"}, python=python, timeout=2.0))


def make_script(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "python3").symlink_to(os.path.realpath(sys.executable))
    return tmp_path


def test_each_command_is_matched_with_its_interpreter(place: Path) -> None:
    make_script(place / "pip", f"#!{place}/python3\n")
    make_script(place / "pip3", "#!/gone/python\n")
    answers = see(Answers, make_session({"PATH": str(place), "HOME": "/nonexistent"}))
    assert answers.python == Answer("python")
    assert answers.python3.interpreter is answers.pip.interpreter is not None
    assert answers.pip3.fault == f"{place}/pip3 asks for /gone/python, which does not exist"
    assert [answer.fault for answer in (answers.python, answers.python3, answers.pip)] == [None, None, None]


def test_the_active_python_is_python_before_python3(place: Path) -> None:
    assert active(str(place)).command == "python3"
    (place / "python").symlink_to("python3")
    assert active(str(place)).command == "python"


def test_a_python_that_does_not_start_leaves_no_active_python(place: Path) -> None:
    python = make_script(place / "python", "#!/bin/sh\necho ImportError: No module named site >&2; exit 1\n")
    with pytest.raises(Unavailable, match=f"^`python` does not start: {python} ImportError: No module named site$"):
        active(f"{place}:/bin")


def test_a_python_that_hangs_is_timed_out(place: Path) -> None:
    make_script(place / "python", "#!/bin/sh\nsleep 1000\n")
    with pytest.raises(TimedOut, match="gave no answer within"):
        active(f"{place}:/bin")


def test_a_python_that_nothing_runs_says_why(place: Path) -> None:
    make_script(place / "python", "#!/gone/python\n")
    with pytest.raises(Unavailable, match="which does not exist"):
        active(str(place))


def test_without_any_python_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no `python` and no `python3`"):
        active(str(tmp_path))


def test_the_chosen_python_is_the_active_one(place: Path) -> None:
    found = active("/nonexistent", python=f"{place}/python3")
    assert (found.command, found.interpreter.path) == (f"{place}/python3", f"{place}/python3")
    with pytest.raises(Unavailable, match=r"^`/gone/python` does not start: /gone/python does not exist$"):
        active(str(place), python="/gone/python")


def test_answers_differ_where_they_run_in_more_than_one_environment() -> None:
    one, newer, other = make_interpreter("/a"), make_interpreter("/a", (3, 12, 1)), make_interpreter("/b")
    same = Answers(Answer("python", interpreter=one), pip3=Answer("pip3", interpreter=one))
    assert not Answers().differ
    assert not same.differ
    assert replace(same, pip=Answer("pip", interpreter=other)).differ
    assert replace(same, python3=Answer("python3", interpreter=newer)).differ
