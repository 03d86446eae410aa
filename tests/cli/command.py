"""The installed command, as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ENVDOCTOR = Path(sys.executable).parent / "envdoctor"
PATH = "/usr/local/bin:/usr/bin:/bin"


def run(*arguments: str, home: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Type `envdoctor` with these arguments in an almost empty environment, in the home directory."""
    variables = {"HOME": str(home), "PATH": PATH, "LANG": "C.UTF-8", **env}
    command = [str(ENVDOCTOR), *arguments]
    return subprocess.run(
        command, env=variables, cwd=home, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
