"""Environments to examine, made by venv."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from envdoctor.facts.environments.condition import (
    Condition,
    examine,
)
from envdoctor.facts.python.interpreters import Interpreters
from envdoctor.facts.venv import layout

BASE = os.path.realpath(sys.executable)


MINOR = f"{sys.version_info[0]}.{sys.version_info[1]}"


NOBODY_ASKED = Interpreters()


def make(root: Path, base: str = BASE, minor: str = MINOR, activate: str | None = None) -> Path:
    """An environment as uv lays it out, by hand."""
    (root / "bin").mkdir(parents=True)
    (root / "lib" / f"python{minor}" / "site-packages" / "alpha-1.0.dist-info").mkdir(parents=True)
    (root / "bin" / "python").symlink_to(base)
    (root / "bin" / "activate").write_text(f"VIRTUAL_ENV='{activate or root}'\n")
    (root / "pyvenv.cfg").write_text(f"home = {os.path.dirname(base)}\nversion_info = {minor}.1\nuv = 0.13\n")
    return root


def script(path: Path, first: str, second: str = "") -> Path:
    path.write_text(f"{first}\n{second}\n")
    path.chmod(0o755)
    return path


def condition(root: Path) -> Condition:
    return examine(layout.examine(str(root)), NOBODY_ASKED, "/home/me")
