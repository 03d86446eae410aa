"""Which lines of start-up files replaced the search path, or put another directory first."""

from __future__ import annotations

from typing import Any

from envdoctor.facts.commands.resolve import ShimManager
from envdoctor.facts.shell.expansion import Edit
from envdoctor.facts.shell.parser import Place
from envdoctor.facts.shell.startup_files import Shell, StartupFile, StartupFiles, When
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor_checks.common.path_lines import assignment, forgets, intruders, lines_read
from tests.builders import make_answer, make_search_path

ANSWER = make_answer("python", "/a/python", None)


def line(number: int, *directories: str, edit: Edit = Edit.PREPEND, **changes: Any) -> StartupLine:
    known: dict[str, Any] = {"file": "/rc", "text": "PATH=…", "kind": LineKind.PATH, "name": "PATH"}
    return StartupLine(number=number, edit=edit, directories=directories, **{**known, **changes})


def test_only_the_files_that_the_shell_reads_count() -> None:
    files = (
        StartupFile("/etc/environment", tuple(Shell), When.ALWAYS),
        StartupFile("/profile", (Shell.BASH,), When.LOGIN),
        StartupFile("/rc", (Shell.BASH,), When.INTERACTIVE_NOT_LOGIN),
    )
    lines = [line(1, "/a", file=file.path) for file in files]
    startup = StartupFiles(files, tuple(lines))
    assert list(lines_read(startup, "bash", login=True)) == [lines[1]]
    assert list(lines_read(startup, "bash", login=False)) == [lines[2]]
    assert list(lines_read(startup, "tcsh", login=True)) == []
    assert list(lines_read(startup, None, login=True)) == []


def test_an_assignment_forgets_what_was_there_unless_it_stands_in_a_function() -> None:
    assert forgets(line(1, "/a", edit=Edit.ASSIGN))
    assert not forgets(line(1, "/a"))
    assert not forgets(line(1, "/a", edit=Edit.ASSIGN, place=Place.FUNCTION))
    assert not forgets(line(1, "/a", edit=Edit.ASSIGN, kind=LineKind.EXPORT))


def test_the_last_assignment_whose_elements_are_there_is_the_one() -> None:
    first, second = line(1, "/a", edit=Edit.ASSIGN), line(2, "/a/", "/b", edit=Edit.ASSIGN)
    gone = line(3, "/a", "/gone", edit=Edit.ASSIGN)
    search_path = make_search_path("/x", "/a", "/b")
    assert assignment((first, second, gone), search_path) is second
    assert assignment((gone, line(4, "/a")), search_path) is None


def test_lines_that_put_a_directory_first() -> None:
    top, later = line(1, "/a/"), line(5, "/a")
    conditional = tuple(line(number, "/a", place=Place.CONDITION) for number in (2, 3))
    others = (line(4, "/b"), line(4, "/a", edit=Edit.APPEND), line(4, "/a", place=Place.FUNCTION))
    assert intruders((top, *conditional, *others), "/a", ANSWER) == (top, conditional[1])
    assert intruders((*others, *conditional), "/a", ANSWER) == (conditional[1],)
    assert intruders((top, later), "/a", ANSWER) == (top, later)


def test_tools_and_blocks_put_their_own_directory_first() -> None:
    init = line(1, kind=LineKind.INIT, name="pyenv")
    shim = make_answer("python", "/pyenv/shims/python", None, manager=ShimManager.PYENV)
    assert intruders((init,), "/pyenv/shims", shim) == (init,)
    assert intruders((init,), "/pyenv/shims", ANSWER) == ()
    block = line(2, kind=LineKind.BLOCK, name="conda", value="/conda/")
    assert intruders((block,), "/conda/bin", ANSWER) == (block,)
    assert intruders((block,), "/condabin", ANSWER) == ()
