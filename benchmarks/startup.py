"""How long does a default run take, beside its peers? Whole processes, side by side, in one run.

    python benchmarks/startup.py [ROUNDS]

Installs this checkout into an environment of its own, as `uv tool install` does, once with all families of checks and
once with PY and PIP alone, and the peers into another. Then it runs every command in turn, round after round, so that
whatever else the machine does falls on all of them alike. The fastest of the rounds counts: noise only ever adds.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PEERS = ("pip", "pyfirstaid", "pywho", "unidep")
LIBRARIES = "import click, rich, psutil, packaging"
ROOT = Path(__file__).parent.parent


def install(directory: Path, *what: str) -> Path:
    """A virtual environment with these distributions in it. Its bin directory."""
    uv = shutil.which("uv") or str(Path(sys.executable).parent / "uv")
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, directory], check=True)
    python = directory / "bin" / "python"
    subprocess.run([uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, *what], check=True)
    return directory / "bin"


def keep_families(tools: Path, *families: str) -> None:
    """Leave only these families of checks announced in an environment, as if no others had been written."""
    [points] = tools.parent.glob("lib/python*/site-packages/envdoctor-*.dist-info/entry_points.txt")
    others = re.compile(rf"^(?!(?:{'|'.join(families)}) )[A-Z]+ .*\n", re.MULTILINE)
    points.write_text(others.sub("", points.read_text(encoding="utf-8")), encoding="utf-8")


def prepare(scratch: Path) -> dict[str, list[str]]:
    """What is measured, the default run first."""
    own = install(scratch / "own", str(ROOT))
    two = install(scratch / "two", str(ROOT))
    keep_families(two, "PY", "PIP")
    peers = install(scratch / "peers", *PEERS)
    python, envdoctor = str(own / "python"), str(own / "envdoctor")
    return {
        "envdoctor": [envdoctor],
        "envdoctor, with PY and PIP alone": [str(two / "envdoctor")],
        "envdoctor --select PY,PIP": [envdoctor, "--select", "PY,PIP"],
        "envdoctor --version": [envdoctor, "--version"],
        "envdoctor --help": [envdoctor, "--help"],
        "python -I (bare)": [python, "-I", "-c", "pass"],
        f"python -I, {LIBRARIES}": [python, "-I", "-c", LIBRARIES],
        "pip --version": [str(peers / "pip"), "--version"],
        "pip check": [str(peers / "pip"), "check"],
        "pyfirstaid": [str(peers / "pyfirstaid")],
        "pywho": [str(peers / "pywho")],
        "unidep doctor": [str(peers / "unidep"), "doctor"],
    }


def measure(command: list[str], env: dict[str, str], cwd: str) -> float:
    """Wall seconds of one run."""
    begin = time.perf_counter()
    subprocess.run(command, env=env, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return time.perf_counter() - begin


def main(rounds: int) -> None:
    """Print a Markdown table of ratios to the default run."""
    with tempfile.TemporaryDirectory() as scratch:
        measured = prepare(Path(scratch))
        active = install(Path(scratch) / "active", "pip")
        home = Path(scratch) / "home"
        home.mkdir()
        env = {
            "HOME": str(home),
            "PATH": f"{active}:{os.defpath}",
            "VIRTUAL_ENV": str(active.parent),
            "LANG": "C.UTF-8",
        }
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
