"""What is said while something is done."""

from __future__ import annotations

import io
import sys

import pytest

from envdoctor.cli.speaking import say, working
from envdoctor.render.lines import line


def test_secrets_are_masked(capsys: pytest.CaptureFixture[str]) -> None:
    say([line("https://ada:hunter22hunter@mirror.example/simple")])
    said = capsys.readouterr().out
    assert "hunter22" not in said
    assert "mirror.example/simple" in said


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_what_is_done_is_shown_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream, shown in ((io.StringIO(), False), (Terminal(), True)):
        monkeypatch.setattr(sys, "stderr", stream)
        for name in ("CI", "TERM"):
            monkeypatch.delenv(name, raising=False)
        with working("PIP007: Remove the value") as watch:
            watch("uv --password=hunter22hunter \x1b]0;title\x07")
        assert ("PIP007: Remove the value" in stream.getvalue()) is shown
        assert "hunter22" not in stream.getvalue()
        assert "\x1b]0;" not in stream.getvalue()


def test_nothing_moves_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("CI", "true")
    with working("PIP007") as watch:
        watch("uv")
    assert stream.getvalue() == ""
