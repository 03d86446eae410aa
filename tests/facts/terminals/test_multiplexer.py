from __future__ import annotations

import pytest

from envdoctor import Unavailable
from envdoctor.facts.terminals.multiplexer import (
    Multiplexer,
    MultiplexerKind,
    PaneShell,
    nearest,
    probe_multiplexer,
    shells_of,
)
from envdoctor.facts.terminals.tmux import Held, TmuxServer
from envdoctor.system.processes import Process
from tests.support import make_session

NOBODY = 4_000_000_000  # no process has this number


SHELL = Process(NOBODY, "bash", "/usr/bin/bash", ("-bash",), "/dev/pts/1")


TMUX = Process(40, "tmux: server", "/usr/bin/tmux", ("tmux", "new"))


SCREEN = Process(30, "screen", "/usr/bin/screen", ("SCREEN",))


def test_the_nearest_server_counts_whatever_the_variables_say() -> None:
    assert nearest((SHELL, TMUX, SCREEN)) == (1, MultiplexerKind.TMUX)
    assert nearest((SCREEN, TMUX)) == (0, MultiplexerKind.SCREEN)
    assert nearest((SHELL, Process(1, "zellij"))) == (1, MultiplexerKind.ZELLIJ)


def test_every_shell_of_the_pane_is_known_by_what_it_reads() -> None:
    command = Process(NOBODY, "bash", "/usr/bin/bash", ("bash", "-lc", "envdoctor"), "/dev/pts/1")
    nested = Process(NOBODY, "zsh", "/usr/bin/zsh", ("zsh",), "/dev/pts/1")
    assert shells_of((command, nested, SHELL)) == (
        PaneShell("bash", login=True),
        PaneShell("zsh"),
        PaneShell("bash", login=True, interactive=False),
    )


def test_variables_of_a_server_that_is_not_above_count_for_nothing() -> None:
    session = make_session({"TMUX": "/tmp/tmux-0/default,40,0", "STY": "30.x"}, processes=(SHELL,))
    with pytest.raises(Unavailable, match="not in tmux, screen or zellij"):
        probe_multiplexer(session, None)


def test_where_the_system_does_not_tell_the_server_does() -> None:
    session = make_session({"PATH": "/bin"}, processes=(SHELL, TMUX))
    tmux = TmuxServer(socket="/s", pid=40, session="0", global_env=(Held("VIRTUAL_ENV", "/p/.venv"),))
    seen = probe_multiplexer(session, tmux)
    assert seen == Multiplexer(
        kind=MultiplexerKind.TMUX, server=40, shells=(PaneShell("bash", login=True),), virtual_env="/p/.venv"
    )
    assert seen.login
    assert seen.gave("/p/.venv/bin") is None


def test_a_command_without_a_shell_has_what_the_pane_was_given() -> None:
    session = make_session({"PATH": "/p/.venv/bin:/bin", "VIRTUAL_ENV": "/p/.venv"}, processes=(TMUX,))
    seen = probe_multiplexer(session, None)
    assert (seen.shells, seen.virtual_env) == ((), "/p/.venv")
    assert seen.gave("/p/.venv/bin/") is True
    assert seen.gave("/q/.venv/bin") is False
