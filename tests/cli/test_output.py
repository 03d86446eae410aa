from __future__ import annotations

import io
import os
import subprocess
import termios
from contextlib import suppress
from pathlib import Path

import pytest

from envdoctor.cli import output
from envdoctor.render.lines import Span, line
from tests.cli.command import ENVDOCTOR

PAGE = [line(Span("sick", "bold red"))]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "env", "coloured"),
    [
        (Terminal(), {"TERM": "xterm"}, True),
        (Terminal(), {"TERM": "dumb"}, False),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "xterm", "CI": "true"}, False),
        (Terminal(), {"TERM": "xterm", "TF_BUILD": "True"}, False),
        (Terminal(), {"TERM": "xterm", "CI": "false"}, True),
        (Terminal(), {"TERM": "xterm", "CI": "true", "FORCE_COLOR": "1"}, True),
        (io.StringIO(), {"TERM": "xterm"}, False),
        (io.StringIO(), {"TERM": "xterm", "FORCE_COLOR": "1"}, True),
    ],
)
def test_colours_are_for_terminals_and_who_asks_for_them(
    stream: io.StringIO, env: dict[str, str], *, coloured: bool
) -> None:
    shown = output.shown(PAGE, stream, env)
    assert "sick" in shown
    assert ("\x1b[" in shown) == coloured


@pytest.mark.parametrize(("said", "longest"), [("40", 40), ("", output.DEFAULT_WIDTH), ("0", output.DEFAULT_WIDTH)])
def test_a_terminal_is_as_wide_as_it_says(monkeypatch: pytest.MonkeyPatch, said: str, longest: int) -> None:
    monkeypatch.setenv("COLUMNS", said)
    shown = output.shown([line(Span("word " * 60))], Terminal(), {"NO_COLOR": "1"})
    widths = [len(row.rstrip()) for row in shown.splitlines()]
    assert longest - 5 <= max(widths) <= longest


def test_a_file_that_cannot_be_written_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(output.UsageProblem, match="it is a directory"):
        output.write_file(str(tmp_path), "a report")
    output.write_file(str(tmp_path / "report"), "a report")
    assert (tmp_path / "report").read_text() == "a report"


def test_complaints_go_to_standard_error_and_cannot_drive_it(capsys: pytest.CaptureFixture[str]) -> None:
    output.complain("no \x1b[2J")
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "no \\x1b[2J\n")


@pytest.mark.tools
@pytest.mark.parametrize("width", [80, 100, 120])
def test_a_real_terminal_of_this_width_shows_every_path_in_one_piece(tmp_path: Path, width: int) -> None:
    home = tmp_path / "home of ada"
    environment = home / "a project with a long name" / "and another directory" / "environment"
    (environment / "bin").mkdir(parents=True)
    (environment / "pyvenv.cfg").write_text("home = /opt/gone/bin\nversion = 3.12.1\n")
    program = home / "a directory of tools" / "some-tool"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for arguments, path in (
        (("envs", "--under", str(home)), f"~{str(environment).removeprefix(str(home))}"),
        (("which", "some-tool"), str(program)),
    ):
        shown = in_terminal(width, *arguments, home=home, PATH=f"{program.parent}:/usr/bin:/bin")
        assert path in shown
        assert [row for row in shown.splitlines() if len(row) > width and path not in row and " " in row.strip()] == []


def in_terminal(width: int, *arguments: str, home: Path, **env: str) -> str:
    """What the command shows in a terminal with so many columns."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (24, width))
    variables = {"HOME": str(home), "LANG": "C.UTF-8", "TERM": "xterm", "NO_COLOR": "1", **env}
    with subprocess.Popen([ENVDOCTOR, *arguments], env=variables, cwd=home, stdin=theirs, stdout=theirs, stderr=theirs):
        os.close(theirs)
        pieces = []
        with suppress(OSError):  # which is how the end of a terminal is told
            while piece := os.read(ours, 65_536):
                pieces.append(piece)
    os.close(ours)
    return b"".join(pieces).decode().replace("\r\n", "\n")
