"""Which session is examined, and which interpreter in it?"""

from __future__ import annotations

import os

from envdoctor.cli.output import UsageProblem
from envdoctor.launchers import this_session
from envdoctor.system.session import Session


def open_session(timeout: float, python: str | None = None) -> Session:
    """The session this process was started in. Raises UsageProblem."""
    return this_session(_interpreter(python) if python else None, timeout)


def _interpreter(python: str) -> str:
    """The absolute path of the interpreter that `--python` means."""
    path = os.path.expanduser(python)
    if os.sep not in path and not os.path.exists(path):
        import shutil

        path = shutil.which(path) or path
    if os.path.isdir(path):
        path = os.path.join(path, "bin", "python")
    if not os.access(path, os.X_OK) or os.path.isdir(path):
        raise UsageProblem(f"--python: {python} is neither an interpreter nor an environment")
    try:
        return os.path.abspath(path)
    except OSError as error:
        raise UsageProblem(f"--python: {python} is relative, and the working directory has been deleted") from error
