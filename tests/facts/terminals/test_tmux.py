from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from envdoctor import Unavailable
from envdoctor.facts.session.search_path import probe_search_path
from envdoctor.facts.terminals.tmux import (
    Held,
    TmuxServer,
    held,
    probe_tmux_server,
    split,
)
from tests.support import make_session, needs_tool

Tmux = Callable[..., str]


@pytest.fixture
def tmux() -> Iterator[Tmux]:
    """A private server, started with an environment of its own; it is ended by its socket."""
    program = needs_tool("tmux")
    directory = Path(tempfile.mkdtemp(prefix="a,b "))  # a short path, and one with a comma
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(directory), "VIRTUAL_ENV": "/old env", "SHELL": "/bin/sh"}

    def run(*words: str) -> str:
        command = [program, "-S", str(directory / "s"), "-f", "/dev/null", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    run("new-session", "-d", "-s", "work", "sleep 600")
    yield run
    run("kill-server")
    shutil.rmtree(directory)


def seen(**env: str) -> TmuxServer:
    session = make_session({"PATH": "/usr/bin:/bin", **env})
    return probe_tmux_server(session, probe_search_path(session))


@pytest.mark.tools
def test_the_server_tells_its_environments_and_options(tmux: Tmux) -> None:
    variable = tmux("display-message", "-p", "-t", "work", "#{socket_path},#{pid},0").strip()
    tmux("set-environment", "-t", "work", "CONDA_PREFIX", "/conda")
    tmux("set-environment", "-t", "work", "-r", "PYTHONPATH")
    tmux("set-environment", "-g", "SECRET_TOKEN", "hidden")
    server = seen(TMUX=variable)
    assert (server.socket, str(server.pid), server.session) == tuple(variable.rsplit(",", 2))
    assert server.globally("VIRTUAL_ENV") == server.given("VIRTUAL_ENV") == "/old env"
    assert (server.globally("CONDA_PREFIX"), server.given("CONDA_PREFIX")) == (None, "/conda")
    assert Held("PYTHONPATH", None) in server.session_env
    assert server.starts_login_shells
    assert server.default_shell == "/bin/sh"
    assert "DISPLAY" in server.update_environment
    assert "hidden" not in repr(server)
    tmux("set-option", "-g", "default-command", "bash")
    assert not seen(TMUX=variable).starts_login_shells


@pytest.mark.parametrize("variable", ["/no/such,1,0", "garbage", ",,,", "/tmp,x,y", "\x01"])
def test_a_server_that_is_gone_is_no_server(variable: str) -> None:
    with pytest.raises(Unavailable, match="no longer answers"):
        seen(TMUX=variable)


def test_a_socket_that_nobody_listens_at_is_no_server(tmp_path: Path) -> None:
    here = Path.cwd()
    os.chdir(tmp_path)  # the name of a socket must be short
    with socket.socket(socket.AF_UNIX) as unheard:
        unheard.bind("s")
    os.chdir(here)
    with pytest.raises(Unavailable, match="no longer answers"):
        seen(TMUX=f"{tmp_path}/s,1,0")


def test_outside_tmux_there_is_no_server() -> None:
    with pytest.raises(Unavailable, match="not in tmux"):
        seen()


def test_the_variable_is_read_from_the_right() -> None:
    assert split("/a,b/c,12,3") == ("/a,b/c", 12, "3")
    assert split("nothing") == ("", None, "nothing")
    assert split("/a," + "9" * 5000 + ",3") == ("/a", None, "3")


def test_listings_are_read_line_by_line() -> None:
    listing = "VIRTUAL_ENV=/a=b\n-PYTHONPATH\n-\nFOO=1\n-FOO\nLD_LIBRARY_PATH=\n"
    assert list(held(listing)) == [Held("VIRTUAL_ENV", "/a=b"), Held("PYTHONPATH", None), Held("LD_LIBRARY_PATH", "")]
