"""Run a command that may ask, and answer each of its questions with yes, as a person does who has read them.

A program of its own: it stands in the patient's shell, between that and envdoctor.
"""

from __future__ import annotations

import os
import pty
import subprocess
import sys

QUESTION = b"[y/N]:"


def answered(argv: list[str]) -> int:
    """Its exit status. What it reads comes from a terminal, what it prints goes where this program's goes."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(argv, stdin=theirs, stderr=subprocess.PIPE)
    assert process.stderr
    asked = b""
    while said := os.read(process.stderr.fileno(), 65_536):
        os.write(2, said)
        asked += said
        if QUESTION in asked:
            asked = asked.rpartition(QUESTION)[2]
            os.write(ours, b"y\n")
    return process.wait()


if __name__ == "__main__":
    sys.exit(answered(sys.argv[1:]))
