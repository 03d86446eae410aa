from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.python.startup_faults import (
    StartupFault,
    Stream,
    complaints_apart,
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
    assert [fault.number for fault in printing([str(file), str(file), f"{tmp_path}/gone.pth"], "x\ny")] == [2, 4]


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


@pytest.mark.parametrize(
    ("line", "streams"),
    [
        ("import sys; print('hi')", [Stream.STDOUT]),
        ("import sys; print('hi', file=sys.stderr)", [Stream.STDERR]),
        ("import sys; sys.stderr.write('hi\\n')", [Stream.STDERR]),
        ("import sys; sys.stdout.write(sys.version)", [Stream.STDOUT]),
        ("import sys; print('hi'); print(sys.argv, file=sys.stderr)", [Stream.STDOUT, Stream.STDERR]),
        ("import os; os.write(2, b'x')", [Stream.STDERR]),
        ("import warnings; warnings.warn('old')", [Stream.STDERR]),
        ("import sys; print('only when asked') if sys.flags.verbose else None", []),
        ("import sys; sys.stdout.reconfigure(errors='replace')", []),
        ("import sys; sys.stderr = sys.__stderr__", []),
    ],
)
def test_each_stream_has_lines_of_its_own(tmp_path: Path, line: str, streams: list[Stream]) -> None:
    (tmp_path / "a.pth").write_text(f"{line}\n")
    found = [fault for stream in Stream for fault in printing([f"{tmp_path}/a.pth"], "hi\n", stream=stream)]
    assert [(fault.stream, fault.text) for fault in found] == [(stream, line) for stream in streams]


def test_a_sitecustomize_that_prints_to_standard_error(tmp_path: Path) -> None:
    file = tmp_path / "sitecustomize.py"
    file.write_text("import sys\nprint('hi', file=sys.stderr)\n")
    assert not tuple(printing_custom("hello\n", [str(tmp_path)]))
    assert [fault.file for fault in printing_custom("hi\n", [str(tmp_path)], stream=Stream.STDERR)] == [str(file)]


def test_what_python_itself_says_of_a_fault_was_printed_by_nothing_else(tmp_path: Path) -> None:
    error = "ModuleNotFoundError: No module named 'gone'"
    custom = f"Error in sitecustomize; set PYTHONVERBOSE for traceback:\n{error}\n"
    both = said(tmp_path / "a.pth", error) + said(tmp_path / "b.pth", error, 3)
    assert complaints_apart(both + custom).strip() == complaints_apart("") == ""
    assert complaints_apart(f"one\n{both}two\n{custom}").split() == ["one", "two"]
    assert complaints_apart("Error processing line 1 of /x.pth:\n") == "Error processing line 1 of /x.pth:\n"
