"""What does a whole run cost as one thing of a session grows? `python benchmarks/whole_runs.py [ROUNDS]`.

CPU seconds of whole processes with their children, the least of some rounds, at a quarter, half and all of: a search
path of 5,000 directories, 2,000 installed distributions, 800 environments in the home (`envdoctor envs`), a `uv.lock`
of 20 MB, a start-up file of 1 MB. What a session without them costs is taken off.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from pathlib import Path

from environments import make_home
from packages import cpu_seconds, fill
from sessions import STARTUP

PARTS = (0, 0.25, 0.5, 1)
PACKAGE = """
[[package]]
name = "package-{n}"
version = "1.{n}"
source = {{ registry = "https://mirror.invalid/simple" }}
dependencies = [{{ name = "package-{next}" }}]
sdist = {{ url = "https://mirror.invalid/{n}.tar.gz", hash = "sha256:{n:064}", size = {n} }}
"""
PROJECT = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.9"\n[tool.uv]\npackage = false\n'
LOCKED = (
    'version = 1\nrequires-python = ">=3.9"\n[[package]]\nname = "app"\nversion = "1"\nsource = { virtual = "." }\n'
)

Env = dict[str, str]


def search_path(home: Path, part: float) -> Env:
    """Directories that are there and empty."""
    directories = [home / str(number) for number in range(int(5_000 * part))]
    for directory in directories:
        directory.mkdir()
    return {"PATH": ":".join(["/usr/bin", "/bin", *map(str, directories)])}


def distributions(home: Path, part: float) -> Env:
    """The active environment with the metadata of distributions."""
    environment = home / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    [site] = environment.glob("lib/python3*/site-packages")
    fill(site, Path(sysconfig.get_path("purelib")), int(2_000 * part))
    return {"PATH": f"{environment}/bin:/usr/bin:/bin", "VIRTUAL_ENV": str(environment)}


def environments(home: Path, part: float) -> Env:
    """Projects with an environment each."""
    make_home(home, int(800 * part))
    return {}


def lock(home: Path, part: float) -> Env:
    """A project whose lock is large."""
    (home / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    count = int(20_000_000 * part / len(PACKAGE.format(n=10_000, next=10_001)))
    packages = "".join(PACKAGE.format(n=number, next=(number + 1) % count) for number in range(count))
    (home / "uv.lock").write_text(LOCKED + packages, encoding="utf-8")
    return {}


def startup(home: Path, part: float) -> Env:
    """A start-up file of functions, conditions and variables."""
    count = int(1_000_000 * part / len(STARTUP.format(n=1_000)))
    (home / ".bashrc").write_text("".join(STARTUP.format(n=number) for number in range(count)), encoding="utf-8")
    return {}


GROWING: dict[str, tuple[Callable[[Path, float], Env], tuple[str, ...]]] = {
    "directories on the search path, 5,000": (search_path, ()),
    "installed distributions, 2,000": (distributions, ()),
    "environments in the home, 800": (environments, ("envs",)),
    "`uv.lock`, 20 MB": (lock, ()),
    "start-up file, 1 MB": (startup, ()),
}


def cost(grow: Callable[[Path, float], Env], arguments: tuple[str, ...], part: float, rounds: int) -> float:
    """CPU seconds of one session."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        env = {"HOME": scratch, "PATH": "/usr/bin:/bin", "SHELL": "/bin/bash", "LANG": "C.UTF-8", **grow(home, part)}
        command = [sys.executable, "-I", "-m", "envdoctor", *arguments]
        return min(cpu_seconds(command, env, directory=home) for _ in range(rounds))


def main(rounds: int) -> None:
    """Print a Markdown table."""
    print("| what grows | a quarter | half | all |\n|---|---|---|---|")
    for name, (grow, arguments) in GROWING.items():
        nothing, *rest = (cost(grow, arguments, part, rounds) for part in PARTS)
        print(f"| {name} |", *(f"{spent - nothing:.2f} s |" for spent in rest))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
