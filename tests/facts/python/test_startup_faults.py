from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.python.startup_faults import (
    StartupFault,
    failing,
    failing_custom,
    printing,
    printing_custom,
)

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


@pytest.mark.parametrize(
    ("source", "loud"),
    [
        ("print('hi')\n", True),
        ("def greet():\n    print('hi')\ngreet()\n", True),  # what was printed is its own text
        ("import sys\nsys.stdout.write(sys.version)\n", True),
        ("def greet():\n    print(1)\n", False),
        ("if __name__ == '__main__':\n    print('usage')\n", False),
        ("import sys\nprint('x', file=sys.stderr)\n", False),
        ('"""Say it:\n\nprint(x)\n"""\n', False),
        ("", False),
    ],
)
def test_modules_that_print_by_what_they_say(tmp_path: Path, source: str, loud: bool) -> None:
    file = tmp_path / "a.pth"
    file.write_text("import os; import hook; hook.start()\n")
    (tmp_path / "hook.py").write_text(source)
    (tmp_path / "sitecustomize").mkdir()
    (tmp_path / "sitecustomize" / "__init__.py").write_text(source)
    path = (f"{tmp_path}/gone", str(tmp_path))
    line = StartupFault(str(file), 1, "import os; import hook; hook.start()", module=f"{tmp_path}/hook.py")
    assert tuple(printing([str(file)], "hi\n", path)) == ((line,) if loud else ())
    custom = StartupFault(f"{tmp_path}/sitecustomize/__init__.py", 0, None)
    assert tuple(printing_custom("hi\n", path)) == ((custom,) if loud else ())


def test_a_sitecustomize_that_fails(tmp_path: Path) -> None:
    error = "ModuleNotFoundError: No module named 'gone'"
    said = "noise\nError in sitecustomize; set PYTHONVERBOSE for traceback:\n{}\n"
    assert not tuple(failing_custom(said.format(error), [str(tmp_path)]))  # no such file is found
    (tmp_path / "sitecustomize.py").touch()
    fault = StartupFault(f"{tmp_path}/sitecustomize.py", 0, None, error)
    assert tuple(failing_custom(said.format(error), [str(tmp_path)])) == (fault,)
    assert not tuple(failing_custom(said.format("KeyError: 'HOME'"), [str(tmp_path)]))
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "gone.py").touch()
    assert not tuple(failing_custom(said.format(error), [str(tmp_path)], [f"{tmp_path}/lib"]))
