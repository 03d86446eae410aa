"""Machines that ssh reaches: real sshd instances of our own on the loopback, each with its own environment."""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support import needs_tool

CLIENT = """\
Host *
HostName 127.0.0.1
User {account}
IdentityFile {directory}/mine
IdentityAgent none
StrictHostKeyChecking no
UserKnownHostsFile /dev/null
LogLevel ERROR
"""
SERVER = """\
HostKey {directory}/host
AuthorizedKeysFile {directory}/mine.pub
StrictModes no
UsePAM no
PermitRootLogin yes
PidFile none
ListenAddress 127.0.0.1:{port}
"""


@contextmanager
def machines(directory: Path, environments: Mapping[str, Mapping[str, str]]) -> Iterator[Path]:
    """Start a machine of each name with these variables. Gives the configuration for ssh that knows them."""
    sshd = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin") or needs_tool("sshd")
    for key in ("host", "mine"):
        subprocess.run([needs_tool("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", directory / key], check=True)
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # sshd wants it, empty; its own start script makes it
    client = CLIENT.format(account=getpass.getuser(), directory=directory)
    with contextlib.ExitStack() as stack:
        for name, variables in environments.items():
            port = _free_port()
            told = " ".join(
                f"{variable}={value}" for variable, value in variables.items()
            )  # only the first line counts
            (directory / f"{name}.sshd").write_text(SERVER.format(directory=directory, port=port) + f"SetEnv {told}\n")
            server = subprocess.Popen([sshd, "-D", "-f", directory / f"{name}.sshd"], stderr=subprocess.DEVNULL)
            stack.callback(server.wait)
            stack.callback(server.terminate)
            _wait_for(port)
            client = f"Host {name}\nPort {port}\n{client}"
        config = directory / "ssh_config"
        config.write_text(client)
        yield config


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    pytest.fail("sshd does not listen")
