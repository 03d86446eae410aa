from __future__ import annotations

import io
import sys
import threading

import pytest

from envdoctor.cli import progress
from envdoctor.system.session import silent


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_nothing_is_shown_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress.shown() as tell:
        assert tell is silent
        tell("extension modules", 1, 2)


@pytest.mark.parametrize("service", ["CI", "TF_BUILD", "JENKINS_URL"])
def test_nothing_is_shown_in_ci_though_it_may_give_a_terminal(monkeypatch: pytest.MonkeyPatch, service: str) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv(service, "true")
    with progress.shown() as tell:
        assert tell is silent


def test_a_terminal_sees_a_bar_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("CI", raising=False)
    with progress.shown() as tell:
        tell("extension modules", 0, 2000)
        tell("extension modules", 1000, 2000)
        assert terminal.getvalue() == ""  # not before it has taken a while
        monkeypatch.setattr(progress, "PATIENCE", 0)
        tell("extension modules", 2000, 2000)
    assert "extension modules" in terminal.getvalue()
    assert capsys.readouterr().out == ""


def test_where_no_thread_can_be_had_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(threading.Thread, "start", refuse)
    monkeypatch.setattr(progress, "PATIENCE", 0)
    monkeypatch.delenv("CI", raising=False)
    with progress.shown() as tell:
        tell("extension modules", 0, 2000)
        tell("extension modules", 2000, 2000)
