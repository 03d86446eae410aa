"""envdoctor as a wheel, with all it needs beside it: every installer can install it, at once and offline."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from tests.clinic.uv import newest_uv

REPOSITORY = Path(__file__).parent.parent.parent
PYTHON = os.path.realpath(sys.executable)


class Wheelhouse:
    """A directory of wheels.

    Attributes:
        path: the directory.
        wheel: envdoctor's own.
        offline: the variables with which uv and pip install from here, and from nowhere else; pip compiles nothing
            that is never imported, as uv does not either.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        [self.wheel] = path.glob("python_envdoctor-*.whl")
        self.offline = {
            "UV_FIND_LINKS": str(path),
            "UV_OFFLINE": "1",
            "UV_PYTHON": PYTHON,
            "UV_PYTHON_DOWNLOADS": "never",
            "PIP_FIND_LINKS": str(path),
            "PIP_NO_COMPILE": "1",
            "PIP_NO_INDEX": "1",
        }


def build(directory: Path) -> Wheelhouse:
    """The wheelhouse in a directory; whoever comes first, of several test processes, fills it. The network is used."""
    directory.mkdir(parents=True, exist_ok=True)
    with open(directory / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (directory / "complete").exists():
            uv, wheels = newest_uv(), str(directory)
            _run(uv, "build", "--quiet", "--wheel", "--out-dir", wheels, str(REPOSITORY))
            [wheel] = directory.glob("python_envdoctor-*.whl")
            pip = ("--no-project", "--python", PYTHON, "--with", "pip", "python", "-m", "pip")
            _run(uv, "run", "--quiet", *pip, "download", "--quiet", "--dest", wheels, str(wheel), "pip")
            (directory / "complete").touch()
    return Wheelhouse(directory)


def _run(*argv: str) -> None:
    done = subprocess.run(argv, capture_output=True, text=True, check=False, cwd=REPOSITORY)
    assert done.returncode == 0, f"{argv}: exit {done.returncode}\n{done.stdout}{done.stderr}"
