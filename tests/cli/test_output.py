from __future__ import annotations

import io
from pathlib import Path

import pytest

from envdoctor.cli import output
from envdoctor.render.lines import Span, line

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
