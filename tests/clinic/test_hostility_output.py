"""Outputs that fill up or close, and terminals of every size and name."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios

import pytest

from tests.clinic.patient import Patient
from tests.clinic.test_hostility import COMMAND


def test_a_full_disk_is_said(patient: Patient) -> None:
    done = patient.shell.run(f"{COMMAND} --format json >/dev/full")
    assert (done.status, done.stderr) == (3, "envdoctor: the report could not be written: No space left on device\n")
    done = patient.shell.run(f"{COMMAND} --output json=/dev/full")
    assert (done.status, done.stderr.splitlines()[-1]) == (
        2,
        "envdoctor: cannot write /dev/full: No space left on device",
    )


def test_a_closed_output_changes_nothing(patient: Patient) -> None:
    usual = patient.examine().exit_code
    for form in ("text", "json"):
        done = patient.shell.run(f"{COMMAND} --format {form} >&-")
        assert (done.status, done.stderr) == (usual, "")
        done = patient.shell.run(f"{COMMAND} --format {form} 2>&- >&- <&-")
        assert done.status == usual


def test_a_reader_that_leaves_has_seen_enough(patient: Patient) -> None:
    usual = patient.examine().exit_code
    done = patient.shell.run(f"{COMMAND} --format json | head -c 10; echo; echo ${{PIPESTATUS[0]}}")
    assert (done.stdout.splitlines()[-1], done.stderr) == (str(usual), "")


TERMINALS = [((1, 1), None), ((0, 0), "dumb"), ((24, 20), ""), ((65_535, 65_535), "nonsense")]


@pytest.mark.parametrize(("size", "term"), TERMINALS)
def test_terminals_of_every_size_and_name(size: tuple[int, int], term: str | None, patient: Patient) -> None:
    usual = patient.examine().exit_code
    env = {name: value for name, value in patient.env.items() if name != "TERM"}
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
    with subprocess.Popen(
        [COMMAND], env=env if term is None else {**env, "TERM": term}, cwd=patient.cwd, stdin=theirs, stdout=theirs
    ) as command:
        os.close(theirs)
        shown = _read(ours)
    assert command.returncode == usual
    assert f"exit {usual}:" in " ".join(shown.split())


def _read(terminal: int) -> str:
    """All that is shown on a terminal until its last user has gone."""
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 65_536)
        except OSError:
            piece = b""
        if not piece:
            os.close(terminal)
            return shown.decode()
        shown += piece
