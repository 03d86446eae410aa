from __future__ import annotations

import sys
from pathlib import Path

import pytest

from envdoctor.engine.fact import TimedOut
from envdoctor.facts.python.broken import BrokenPython, BrokenPythons
from tests.support import make_session, see

pytestmark = pytest.mark.tools


def make_script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def broken(*directories: Path | str, python: str | None = None, cwd: Path | str = "/") -> tuple[BrokenPython, ...]:
    path = ":".join(map(str, directories))
    session = make_session({"PATH": path, "HOME": "/nowhere"}, cwd=cwd, python=python, timeout=2.0)
    return see(BrokenPythons, session).found


@pytest.fixture
def working(tmp_path: Path) -> Path:
    (tmp_path / "working").mkdir()
    for name in ("python", "python3"):
        (tmp_path / "working" / name).symlink_to(sys.executable)
    return tmp_path / "working"


def test_the_first_that_fails_is_named_with_what_would_answer(tmp_path: Path, working: Path) -> None:
    path = make_script(tmp_path / "sick/python", "#!/gone/python\n")
    [python] = broken(tmp_path / "sick", working)
    assert (python.name, python.is_first) == ("python", True)
    assert python.fault == f"{path} asks for /gone/python, which does not exist"
    assert python.behind
    assert python.behind.path == f"{working}/python"


def test_a_second_name_that_fails_counts_less(tmp_path: Path, working: Path) -> None:
    make_script(tmp_path / "sick/python3", "#!/bin/sh\necho ImportError: No module named site >&2\nexit 1\n")
    [python] = broken(tmp_path / "sick", working)
    assert (python.name, python.is_first) == ("python3", False)
    assert python.fault.endswith("ImportError: No module named site")
    (working / "python").unlink()
    [python] = broken(tmp_path / "sick", working)
    assert python.is_first


def test_two_names_that_fail_are_one_trouble(tmp_path: Path) -> None:
    for name in ("python", "python3"):
        make_script(tmp_path / name, "#!/gone/python\n")
    assert [python.name for python in broken(tmp_path)] == ["python"]


def test_what_is_slow_may_be_well(tmp_path: Path, working: Path) -> None:
    make_script(tmp_path / "slow/python", "#!/bin/sh\nsleep 1000\n")
    with pytest.raises(TimedOut, match="`python` gave no answer"):
        broken(tmp_path / "slow", working, "/bin")


def test_the_one_that_was_asked_for_counts_too(tmp_path: Path, working: Path) -> None:
    chosen = make_script(tmp_path / "chosen", "#!/bin/sh\nexit 3\n")
    [python] = broken(working, python=str(chosen))
    assert python == BrokenPython(str(chosen), "ended with status 3 and without an answer")


def test_all_is_well_or_not_known(tmp_path: Path, working: Path) -> None:
    make_script(tmp_path / "relative/python", "#!/gone/python\n")
    assert broken(working) == ()
    assert broken("relative", working, cwd=tmp_path) == ()
    assert broken(tmp_path) == ()
