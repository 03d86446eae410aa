from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.python.startup_faults import StartupFault, failing, printing

pytestmark = pytest.mark.tools


def said(file: Path, error: str, number: int = 1) -> str:
    traceback = f'  Traceback (most recent call last):\n    File "site.py", line 9, in addpackage\n  {error}\n'
    return f"Error processing line {number} of {file}:\n\n{traceback}\nRemainder of file ignored\n"


def test_what_site_says_of_a_line(tmp_path: Path) -> None:
    file = tmp_path / "a.pth"
    file.write_text("/src\nimport gone.part\n")
    error = "ModuleNotFoundError: No module named 'gone'"
    fault = StartupFault(str(file), 2, "import gone.part", error)
    assert tuple(failing("noise\n" + said(file, error, 2))) == (fault,)
    (tmp_path / "gone.py").touch()
    assert not tuple(failing(said(file, error, 2), (str(tmp_path),)))  # the session's PYTHONPATH has it


@pytest.mark.parametrize("error", ["SyntaxError: invalid syntax", "NameError: name 'secret' is not defined"])
def test_of_other_messages_the_type_is_kept(tmp_path: Path, error: str) -> None:
    [fault] = failing(said(tmp_path / "gone.pth", error))
    assert (fault.error, fault.text) == (error.partition(":")[0], None)


@pytest.mark.parametrize("error", ["KeyError: 'HOME'", "FileNotFoundError: x", "RuntimeError: y"])
def test_what_may_come_of_the_clean_environment_says_nothing(tmp_path: Path, error: str) -> None:
    assert not tuple(failing(said(tmp_path / "a.pth", error)))


def test_lines_that_print_by_what_they_say(tmp_path: Path) -> None:
    file = tmp_path / "a.pth"
    file.write_text(
        "/print(here)\nimport sys; print('x')\nimport os\nimport sys; sys.stdout.write('y')\nimport printer\n"
    )
    assert [fault.number for fault in printing([str(file), str(file), f"{tmp_path}/gone.pth"])] == [2, 4]
