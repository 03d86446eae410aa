"""How long does a default run take, beside its peers? Whole processes, side by side, in one run.

    python benchmarks/startup.py [ROUNDS]

Installs this checkout and the peers into a fresh environment, then runs every command in turn, round after round, so
that whatever else the machine does falls on all of them alike. The fastest of the rounds counts: noise only ever adds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PEERS = ("pip", "pyfirstaid", "pywho", "unidep")
LIBRARIES = "import click, rich, psutil, packaging"
ROOT = Path(__file__).parent.parent


def prepare(directory: Path) -> Path:
    """A virtual environment with this checkout and the peers in it. Its bin directory."""
    uv = shutil.which("uv") or str(Path(sys.executable).parent / "uv")
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, directory], check=True)
    install = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", directory / "bin" / "python"]
    subprocess.run([*install, str(ROOT), *PEERS], check=True)
    return directory / "bin"


def commands(tools: Path) -> dict[str, list[str]]:
    """What is measured, the default run first."""
    python, envdoctor = str(tools / "python"), str(tools / "envdoctor")
    return {
        "envdoctor": [envdoctor],
        "envdoctor --select PY,PIP": [envdoctor, "--select", "PY,PIP"],
        "envdoctor --version": [envdoctor, "--version"],
        "envdoctor --help": [envdoctor, "--help"],
        "python -I (bare)": [python, "-I", "-c", "pass"],
        f"python -I, {LIBRARIES}": [python, "-I", "-c", LIBRARIES],
        "pip --version": [str(tools / "pip"), "--version"],
        "pip check": [str(tools / "pip"), "check"],
        "pyfirstaid": [str(tools / "pyfirstaid")],
        "pywho": [str(tools / "pywho")],
        "unidep doctor": [str(tools / "unidep"), "doctor"],
    }


def measure(command: list[str], env: dict[str, str], cwd: str) -> float:
    """Wall seconds of one run."""
    begin = time.perf_counter()
    subprocess.run(command, env=env, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return time.perf_counter() - begin


def main(rounds: int) -> None:
    """Print a Markdown table of ratios to the default run."""
    with tempfile.TemporaryDirectory() as scratch:
        tools = prepare(Path(scratch) / "env")
        home = Path(scratch) / "home"
        home.mkdir()
        env = {"HOME": str(home), "PATH": f"{tools}:{os.defpath}", "VIRTUAL_ENV": str(tools.parent), "LANG": "C.UTF-8"}
        measured = {name: command for name, command in commands(tools).items() if shutil.which(command[0])}
        best = dict.fromkeys(measured, float("inf"))
        for _ in range(rounds):
            for name, command in measured.items():
                best[name] = min(best[name], measure(command, env, str(home)))
    own = best["envdoctor"]
    print("| command | ms | envdoctor ÷ it | it ÷ envdoctor |\n|---|---|---|---|")
    for name, seconds in best.items():
        print(f"| `{name}` | {seconds * 1000:.0f} | {own / seconds:.2f} | {seconds / own:.2f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
