"""What is typed never drives the terminal, and a wrong call never ends in a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.cli import app
from envdoctor.system.silent_mounts import Unanswered
from tests.cli.command import run


@pytest.mark.tools
@pytest.mark.parametrize(
    "arguments",
    [
        ["\x1b[2Jx"],
        ["--\x1b[2Jx"],
        ["--select", "\x1b[2Jx"],
        ["--python", "\x1b[2Jx"],
        ["--format", "\x1b[2Jx"],
        ["--timeout", "\x1b[2Jx"],
        ["--output", "json=/no/\x1b[2Jx"],
        ["explain", "\x1b[2Jx"],
        ["replay", "\x1b[2Jx"],
        ["envs", "--\x1b[2Jx"],
    ],
)
def test_what_is_typed_cannot_drive_the_terminal_that_shows_it(arguments: list[str], tmp_path: Path) -> None:
    done = run(*arguments, home=tmp_path)
    assert done.returncode == 2
    assert "\x1b" not in done.stdout + done.stderr
    assert "\\x1b[2Jx" in done.stderr


def test_a_place_that_does_not_answer_ends_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_arguments: list[str]) -> int:
        raise Unanswered("/net/home", "nfs")

    monkeypatch.setattr("envdoctor.cli.commands.run", refuse)
    assert app.run(["list"]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("envdoctor: nothing could be examined: ")
