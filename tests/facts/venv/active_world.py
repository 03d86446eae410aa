"""Environments that each tool has made."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def by_venv(env: Path, *options: str, python: str = sys.executable) -> Path:
    subprocess.run([python, "-m", "venv", "--without-pip", *options, env], check=True)
    return env
