"""Streams that are closed, full or of no width, for the installed command."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
import time

import pytest

from tests.test_main import CLEAN, COMMAND, VERSION, start

pytestmark = pytest.mark.tools


@pytest.mark.parametrize(
    ("redirection", "shown"), [("<&-", True), (">&-", False), ("2>&-", True), ("<&- >&- 2>&-", False)]
)
def test_closed_streams(redirection: str, shown: bool) -> None:
    assert_it = start("sh", "-c", f"{COMMAND} --version {redirection}")
    assert (assert_it.returncode, assert_it.stdout, assert_it.stderr) == (0, VERSION if shown else "", "")
    assert start("sh", "-c", f"{COMMAND} nonsense {redirection}").returncode == 2


def test_a_reader_who_leaves_hears_no_complaint() -> None:
    done = start("bash", "-c", f"{COMMAND} schema | true; echo ${{PIPESTATUS[0]}}")
    assert (done.stdout, done.stderr) == ("0\n", "")
    done = start("bash", "-c", f"{COMMAND} schema | head -1; echo ${{PIPESTATUS[0]}}")
    assert (done.stdout, done.stderr) == ("{\n0\n", "")


def test_a_full_disk_is_said() -> None:
    done = start("sh", "-c", f"{COMMAND} schema > /dev/full")
    assert (done.returncode, done.stderr) == (
        3,
        "envdoctor: the report could not be written: No space left on device\n",
    )


@pytest.mark.parametrize(("rows", "columns"), [(0, 0), (1, 1), (24, 3)])
def test_terminals_of_any_size(rows: int, columns: int) -> None:
    terminal, end = pty.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    with subprocess.Popen([COMMAND, "--help"], stdin=end, stdout=end, stderr=end, env=CLEAN) as child:
        os.close(end)
        said = b""
        while chunk := _read(terminal):
            said += chunk
    os.close(terminal)
    assert child.returncode == 0
    assert b"Traceback" not in said


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # how Linux says that the other end is closed
        return b""


def test_a_full_pipe_that_does_not_block_gets_the_whole_document() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    command = [sys.executable, "-m", "envdoctor", "schema"]
    with subprocess.Popen(command, stdout=writing, stderr=subprocess.PIPE) as child:
        os.close(writing)
        time.sleep(0.5)  # until the pipe is full
        with os.fdopen(reading, "rb") as pipe:
            document = json.load(pipe)
        assert child.stderr is not None
        assert child.stderr.read() == b""
    assert child.returncode == 0
    assert "$defs" in document
