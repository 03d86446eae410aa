"""Files and search paths for what answers to commands."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from envdoctor.facts.commands.commands import (
    Hit,
    find,
)
from envdoctor.facts.pyenv.versions import (
    Pyenv,
)
from envdoctor.facts.session.search_path import probe_search_path
from tests.support import make_session

REAL_PYTHON = os.path.realpath(sys.executable)


def make_file(path: Path, content: str | bytes = "", mode: int = 0o755) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)
    return str(path)


def make_python(path: Path) -> str:
    """A link to a real interpreter, as in an environment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(REAL_PYTHON)
    return str(path)


def search(name: str, *directories: Path | str, cwd: Path | None = None, pyenv: Pyenv | None = None) -> list[Hit]:
    session = make_session({"PATH": ":".join(map(str, directories))}, cwd=cwd)
    return list(find(name, probe_search_path(session), pyenv))


def one(name: str, *directories: Path | str, cwd: Path | None = None, pyenv: Pyenv | None = None) -> Hit:
    [hit] = search(name, *directories, cwd=cwd, pyenv=pyenv)
    return hit
