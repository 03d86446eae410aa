"""Which session is examined, and which interpreter in it?"""

from __future__ import annotations

import os

from envdoctor.cli.output import UsageProblem
from envdoctor.facts.commands.resolve import PYTHON, is_executable
from envdoctor.launchers import this_session
from envdoctor.system.session import Session
from envdoctor.system.trust import is_absolute


def open_session(timeout: float, python: str | None = None) -> Session:
    """The session this process was started in. Raises UsageProblem."""
    return this_session(None if python is None else _interpreter(python), timeout)


def _interpreter(python: str) -> str:
    """The absolute path of the interpreter that `--python` means."""
    if not python:
        raise UsageProblem("--python: an empty word names no interpreter")
    path = os.path.expanduser(python)
    if os.sep not in path and (_is_the_name_of_a_python(path) or not os.path.isdir(path)):
        path = on_the_path(path) or ""
    elif os.path.isdir(path):
        path = os.path.join(path, "bin", "python")
    if not os.access(path, os.X_OK) or os.path.isdir(path):
        raise UsageProblem(f"--python: {python} {_why_none_runs(python, path)}")
    try:
        return os.path.abspath(path)
    except OSError as error:
        raise UsageProblem(f"--python: {python} is relative, and the working directory has been deleted") from error


def _why_none_runs(python: str, path: str) -> str:
    """What to say of something named with `--python` that has no interpreter, `path` being where one would be."""
    if os.path.islink(path) and not os.path.exists(path):
        return f"leads to {os.path.realpath(path)}, which is gone; `envdoctor envs --check` reads what is installed"
    if any(os.path.exists(os.path.join(python, sign)) for sign in ("pyvenv.cfg", "conda-meta")):
        return "is an environment without a Python"
    return "is neither an interpreter nor an environment"


def _is_the_name_of_a_python(word: str) -> bool:
    """Whether a word is `python3.12` or `3.12`, which never means a directory that happens to be called so."""
    return bool(PYTHON.fullmatch(word)) or word[:1].isdigit()


def on_the_path(name: str) -> str | None:
    """What a name means to the shell, but never what only the working directory holds under it."""
    searched = filter(is_absolute, os.environ.get("PATH", "").split(os.pathsep))
    return next(filter(is_executable, (os.path.join(directory, name) for directory in searched)), None)
