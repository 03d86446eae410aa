"""Ask a manager that is written in Python about many projects: it is loaded once, and forks for each of them."""

from __future__ import annotations

import sys

from tests.clinic.patient import Patient

# a process of its own for each: a manager keeps what it has read, and may end in any way
FORKS = """
import os, sys
sys.argv[0] = {command!r}
from {module} import {name}
for directory in sorted(os.listdir()):
    child = os.fork()
    if not child:
        os.chdir(directory)
        os.environ["PWD"] = os.getcwd()
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        os.dup2(1, 2)
        sys.argv[1:] = {arguments!r}
        try:
            state = {name}()
        except SystemExit as stop:
            state = stop.code
        except BaseException:
            state = 1
        os._exit(1 if state else 0)
    print(directory, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), sep="\\t")
"""


def refused_by(patient: Patient, command: str, entry: str, *arguments: str) -> list[str]:
    """The directories of the project in which a manager fails; `entry` is what its command calls, `module:name`."""
    module, _, name = entry.partition(":")
    script = FORKS.format(command=command, module=module, name=name, arguments=list(arguments))
    said = patient.prepares(sys.executable, "-c", script)
    states = dict(line.split("\t") for line in said.splitlines())
    return sorted(directory for directory, state in states.items() if state != "0")
