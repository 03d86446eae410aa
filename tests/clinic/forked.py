"""Ask a manager that is written in Python about many projects: it is loaded once, and forks for each of them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

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


# what is the manager's own is loaded anew for each question: some of it reads variables while it is loaded
QUESTIONS = """
import importlib, json, os, sys
for name in {loading!r}:
    importlib.import_module(name)
for name in [name for name in sys.modules if name.partition(".")[0] == {command!r}]:
    del sys.modules[name]
for question in sys.stdin:
    directory, variables, arguments = json.loads(question)
    answer, answering = os.pipe()
    child = os.fork()
    if not child:
        os.chdir(directory)
        os.environ.clear()
        os.environ.update(variables)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(answering, 1)
        sys.argv = [{command!r}, *arguments]
        try:
            getattr(importlib.import_module({module!r}), {name!r})()
        finally:
            sys.stdout.flush()
            os._exit(0)
    os.close(answering)
    with open(answer) as said:
        print(json.dumps(said.read()), flush=True)
    os.waitpid(child, 0)
"""


class Loaded:
    """A manager that waits for questions.

    Args:
        command: its name, which is that of its package, too.
        entry: what its command calls, `module:name`.
        loading: the modules that bring along what it needs, and that takes the longest to load.
    """

    def __init__(self, command: str, entry: str, loading: Sequence[str]) -> None:
        module, _, name = entry.partition(":")
        script = QUESTIONS.format(command=command, module=module, name=name, loading=list(loading))
        self._process = subprocess.Popen(
            [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()  # no more questions: it ends

    def says(self, directory: Path, variables: Mapping[str, str], *arguments: str) -> str:
        """What it prints in a directory, with exactly these variables."""
        assert self._process.stdin
        assert self._process.stdout
        question = json.dumps([str(directory), dict(variables), arguments])
        print(question, file=self._process.stdin, flush=True)
        return str(json.loads(self._process.stdout.readline())).strip()
