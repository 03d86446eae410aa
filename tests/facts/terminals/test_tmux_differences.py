"""What differs between a tmux server, this shell and the terminal outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Refused, Unavailable
from envdoctor.facts.session.search_path import probe_search_path
from envdoctor.facts.terminals.tmux import Held, TmuxServer
from envdoctor.facts.terminals.tmux_differences import Difference, TmuxDifferences, last_active, probe_tmux_differences
from envdoctor.system import processes
from tests.support import make_session

SERVER = TmuxServer(
    socket="/s",
    pid=40,
    session="0",
    global_env=(Held("HF_ENDPOINT", "https://old.example"), Held("CONDA_PREFIX", "/c")),
)


def compared(directory: Path, answer: str, mode: int = 0o755, **env: str) -> TmuxDifferences:
    tmux = directory / "tmux"
    tmux.write_text(f"#!/bin/sh\nprintf '{answer}'\n")
    tmux.chmod(mode)
    session = make_session({"PATH": str(directory), **env})
    return probe_tmux_differences(session, SERVER, probe_search_path(session))


@pytest.mark.tools
def test_the_client_outside_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = {"HF_ENDPOINT": "https://new.example", "DIRENV_DIR": "-/p", "CONDA_PREFIX": "/c"}
    monkeypatch.setattr(processes, "environment", {7: outside}.get)
    here = "https://old.example"
    found = compared(tmp_path, "1700000000 12\\n1700000009 7\\n", HF_ENDPOINT=here, CONDA_PREFIX="/d")
    assert found == TmuxDifferences(
        (Difference("HF_ENDPOINT", here, here, "https://new.example"),), 7, "direnv", ("/c", "/d")
    )


@pytest.mark.tools
def test_where_nobody_is_attached_only_this_shell_is_compared(tmp_path: Path) -> None:
    found = compared(tmp_path, "", HF_ENDPOINT="https://old.example", LOADEDMODULES="gcc")
    assert found == TmuxDifferences((), None, "environment modules", ("/c",))
    assert [one.name for one in compared(tmp_path, "").variables] == ["HF_ENDPOINT"]


def test_a_tmux_that_may_not_be_run_is_not_asked(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        compared(tmp_path, "", 0o777)
    session = make_session({"PATH": "/nonexistent"})
    with pytest.raises(Unavailable, match="no tmux"):
        probe_tmux_differences(session, SERVER, probe_search_path(session))


def test_the_client_that_was_active_last_is_taken() -> None:
    assert last_active(["1700000000 12", "1700000009 7", "no number"]) == 7
    assert last_active([]) is None
