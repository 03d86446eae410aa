"""How long does `envdoctor envs` take in a home with many environments? Whole processes, the fastest of some rounds.

    python benchmarks/environments.py [ENVIRONMENTS] [ROUNDS]

Makes a home with that many projects, each with an environment made by venv and a few dozen programs and packages in it,
and runs the command beside one `python -I` that does nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PACKAGES, PROGRAMS, SOURCES = 40, 30, 200


def make_home(home: Path, count: int) -> None:
    """A home with projects, each with an environment, sources and version control."""
    template = home / "template"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", template], check=True)
    [packages] = template.glob("lib/python*/site-packages")
    for number in range(PACKAGES):
        (packages / f"package{number}").mkdir()
        (packages / f"package{number}-1.0.dist-info").mkdir()
    for number in range(PROGRAMS):
        program = template / "bin" / f"program{number}"
        program.write_text(f"#!{template}/bin/python\nprint()\n")
        program.chmod(0o755)
    for number in range(count):
        project = home / "projects" / f"group{number % 10}" / f"project{number}"
        (project / ".git" / "objects").mkdir(parents=True)
        for source in range(SOURCES // 20):
            (project / "src" / f"part{source}").mkdir(parents=True)
        shutil.copytree(template, project / ".venv", symlinks=True)
        activate = project / ".venv" / "bin" / "activate"
        activate.write_text(activate.read_text().replace(str(template), f"{project}/.venv"))
    shutil.rmtree(template)


def measure(command: list[str], env: dict[str, str]) -> float:
    """Wall seconds of one run."""
    begin = time.perf_counter()
    subprocess.run(command, env=env, cwd=env["HOME"], stdin=subprocess.DEVNULL, capture_output=True, check=True)
    return time.perf_counter() - begin


def main(count: int, rounds: int) -> None:
    """Print a Markdown table."""
    envdoctor = str(Path(sys.executable).parent / "envdoctor")
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        home.mkdir()
        make_home(home, count)
        env = {"HOME": str(home), "PATH": os.defpath}
        commands = {
            f"envdoctor envs, {count} environments": [envdoctor, "envs"],
            "the same with --sizes": [envdoctor, "envs", "--sizes"],
            "envdoctor --version": [envdoctor, "--version"],
            "python -I -c pass": [sys.executable, "-I", "-c", "pass"],
        }
        print("| command | seconds |\n|---|---|")
        for name, command in commands.items():
            print(f"| {name} | {min(measure(command, env) for _ in range(rounds)):.3f} |")


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:]]
    main(*arguments, *(200, 5)[len(arguments) :])
