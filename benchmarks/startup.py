"""How long does a run take, beside its peers? Whole processes, side by side, in one run, in three sessions.

    python benchmarks/startup.py [ROUNDS] [--write]

Installs this checkout into an environment of its own, as `uv tool install` does, and the peers into another. Then it
runs every command in turn, round after round, so that whatever else the machine does falls on all of them alike, and
takes the median: of CPU seconds with all children, and of wall seconds. Ratios are those of the CPU. `--write` puts
them into the table of benchmarks/README.md.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sessions import Session, sessions

PEERS = ("pip", "pyfirstaid", "pywho", "unidep", "uv")
LIBRARIES = "import click, rich, psutil, packaging, msgspec"
ROOT = Path(__file__).parent.parent
PAGE = ROOT / "benchmarks" / "README.md"
BASE = "pip --version"
TITLES = {"plain": "plain session", "project": "in the project", "sick": "everything wrong"}
TABLE = re.compile(r"^\| command \| plain session \|.*\n(?:\|.*\n)+", re.MULTILINE)
"""The table in the page."""

Measured = tuple[float, ...]
"""CPU seconds, wall seconds, the most memory in MB."""
Medians = dict[str, Measured]
"""Of one session, by command."""


def install(directory: Path, *what: str) -> Path:
    """A virtual environment with these distributions in it. Its bin directory."""
    uv = shutil.which("uv") or str(Path(sys.executable).parent / "uv")
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, directory], check=True)
    python = directory / "bin" / "python"
    subprocess.run([uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, *what], check=True)
    return directory / "bin"


def commands(scratch: Path) -> dict[str, list[str]]:
    """What is measured, the default run first."""
    own, peers = install(scratch / "own", str(ROOT)), install(scratch / "peers", *PEERS)
    python, envdoctor = str(own / "python"), str(own / "envdoctor")
    return {
        "envdoctor": [envdoctor],
        "envdoctor --select PY,PIP": [envdoctor, "--select", "PY,PIP"],
        "envdoctor --version": [envdoctor, "--version"],
        "python -I (bare)": [python, "-I", "-c", "pass"],
        f"python -I, {LIBRARIES}": [python, "-I", "-c", LIBRARIES],
        "pip --version": [str(peers / "pip"), "--version"],
        "pip check": [str(peers / "pip"), "check"],
        "uv pip check": [str(peers / "uv"), "pip", "check", "--offline"],
        "pyfirstaid": [str(peers / "pyfirstaid")],
        "pywho": [str(peers / "pywho")],
        "unidep doctor": [str(peers / "unidep"), "doctor"],
    }


def measure(command: list[str], session: Session) -> Measured:
    """One run, typed into bash as a user does."""
    typed = ["/bin/bash", "--norc", "-c", '"$@"; exit $?', "bash", *command]
    begin, quiet = time.perf_counter(), subprocess.DEVNULL
    child = subprocess.Popen(typed, env=session.env, cwd=session.cwd, stdin=quiet, stdout=quiet, stderr=quiet)
    _, _, used = os.wait4(child.pid, 0)
    child.returncode = 0  # it has been waited for
    return used.ru_utime + used.ru_stime, time.perf_counter() - begin, used.ru_maxrss / 1024


def main(rounds: int, *, write: bool) -> None:
    """Print a Markdown table of ratios to `pip --version` for each session."""
    found: dict[str, Medians] = {}
    with tempfile.TemporaryDirectory() as scratch:
        measured = commands(Path(scratch))
        for session in sessions(Path(scratch)):
            runs: dict[str, list[Measured]] = {name: [] for name in measured}
            for _ in range(rounds + 1):
                for name, command in measured.items():
                    runs[name].append(measure(command, session))
            print(f"\n{session.name}: median of {rounds} rounds\n")
            medians = {name: tuple(map(statistics.median, zip(*each[1:], strict=True))) for name, each in runs.items()}
            show(medians)
            found[session.name] = medians
    if write:
        PAGE.write_text(TABLE.sub(lambda _: table(found), PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def show(medians: Medians) -> None:
    """One table."""
    pip = medians[BASE][0]
    print("| command | CPU ms | wall ms | MB | CPU ÷ `pip --version` |\n|---|---|---|---|---|")
    for name, (cpu, wall, memory) in medians.items():
        print(f"| `{name}` | {cpu * 1000:.0f} | {wall * 1000:.0f} | {memory:.0f} | {cpu / pip:.2f} |")


def table(found: dict[str, Medians]) -> str:
    """The table of the page: for each session the ratio of the CPU, and the memory."""
    lines = [
        f"| command |{''.join(f' {TITLES[session]} | MB |' for session in found)}",
        f"|---{'|---|---' * len(found)}|",
    ]
    for name in next(iter(found.values())):
        rows = ((each[name], each[BASE]) for each in found.values())
        lines.append(f"| `{name}` |" + "".join(f" {own[0] / base[0]:.2f} | {own[2]:.0f} |" for own, base in rows))
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    numbers = [argument for argument in sys.argv[1:] if argument != "--write"]
    main(int(numbers[0]) if numbers else 11, write="--write" in sys.argv)
