"""poetry, pdm and pipenv in several versions, asked many times in one process each: a start of one costs a second."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.clinic.uv import newest_uv, wait_for

NEWEST = "newest"  # what is installed beside the tests
# Run by the Python of a manager: reads a directory and arguments a line, runs the manager's own command in there.
SERVED = """
import contextlib, io, json, os, sys, traceback

def poetry(arguments, out):
    from cleo.io.inputs.argv_input import ArgvInput
    from cleo.io.outputs.stream_output import StreamOutput
    from poetry.console.application import Application

    application = Application()
    application.auto_exits(False)
    return application.run(ArgvInput(["poetry", *arguments]), StreamOutput(out), StreamOutput(out))

def pdm(arguments, out):
    from pdm.core import Core

    return Core().main(arguments)

def pipenv(arguments, out):
    from pipenv.cli import cli

    sys.argv = ["pipenv", *arguments]
    return cli()

answers, run = sys.stdout, globals()[sys.argv[1]]
for line in sys.stdin:
    directory, *arguments = json.loads(line)
    os.chdir(directory)
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            status = run(arguments, out) or 0
        except SystemExit as end:
            status = end.code or 0
        except Exception:
            status = 1
            traceback.print_exc()
    print(json.dumps([status, out.getvalue()]), file=answers, flush=True)
"""


class Manager:
    """One version of a manager, waiting for commands."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def does(self, directory: Path, *arguments: str) -> tuple[int, str]:
        """Run a command of the manager in a directory: its status, and all that it printed."""
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps([str(directory), *arguments]), file=self.process.stdin, flush=True)
        status, text = json.loads(self.process.stdout.readline())
        return int(status), str(text)


@contextmanager
def managed_by(name: str, version: str, home: Path, shared: Path) -> Iterator[Manager]:
    """A manager of this version, with a home of its own and no package index."""
    env = {
        "HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}",
        "PDM_CHECK_UPDATE": "false",
        "PIPENV_IGNORE_VIRTUALENVS": "1",
        "PIPENV_YES": "1",
        "NO_COLOR": "1",
    }
    argv = [python_with(name, version, shared), "-c", SERVED, name]
    with subprocess.Popen(argv, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Manager(process)
        process.communicate()  # no more lines: it ends


def python_with(name: str, version: str, shared: Path) -> str:
    """A Python that has a manager of this version: installed once into a directory that all workers of a run share."""
    if version == NEWEST:
        return sys.executable
    target = shared / f"{name}-{version}"
    python = str(target / "bin/python")
    try:
        target.mkdir(parents=True)
    except FileExistsError:
        wait_for(target / "done")
        return python
    made = _run("venv", "--clear", "--python", sys.executable, str(target))
    done = made if made.returncode else _run("pip", "install", "--python", python, f"{name}=={version}")
    (target / "done").write_text(done.stderr)
    if done.returncode != 0:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name} {version} cannot be installed: {done.stderr}")
        pytest.skip(f"{name} {version} cannot be installed")
    return python


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([newest_uv(), *arguments, "--quiet"], capture_output=True, text=True, check=False)
