"""Who says what of a sick machine, and what of its healthy twin? Ours beside other doctors, on machines of the clinic.

    python benchmarks/peers.py

Each machine is a home with a shell, made with the builders of tests/clinic: once healthy, and once sick in one way.
Every tool stands in an environment of its own, as `uv tool install` and pipx make it, and is typed into that shell. A
tool *speaks on the sick* if it complains of something there that it does not complain of on the twin, and *on the
healthy* if it complains of anything there. What counts as a complaint are the lines that the tool itself marks as a
problem or a warning. Times are medians of wall seconds.
"""

from __future__ import annotations

import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from startup import ROOT, install

sys.path.insert(0, str(ROOT))

from tests.clinic.conda import make_root
from tests.clinic.patient import Patient

PEERS = {
    "envdoctor": ("envdoctor", r"^(?:✗|!) (.*)"),
    "pyfirstaid": ("pyfirstaid", r"^(?:✘|!) (.*)"),
    "unidep doctor": ("unidep doctor", r"^(?:ERROR|WARNING): (.*)"),
    "showmyenv": ("showmyenv", r"\[(?:CRITICAL|HIGH|MEDIUM)\] (.*)"),
}
"""By its name: what is typed, and what a complaint of it looks like."""


def pip_elsewhere(user: Patient, *, sick: bool) -> None:
    """A uv environment without pip, with conda's pip behind it; or with a pip of its own."""
    root = make_root(user.home / "miniconda3", pip=True)
    user.env["PATH"] = f"{user.env['PATH']}:{root.path}/bin" if not sick else f"{root.path}/bin:{user.env['PATH']}"
    user.prepares("uv", "venv", "--quiet", "--offline", "--python", sys.executable)
    if not sick:
        user.prepares(sys.executable, "-m", "venv", "--clear", ".venv")
    user.does("source .venv/bin/activate")


def environment_gone(user: Patient, *, sick: bool) -> None:
    """The active environment has been deleted; or is there."""
    user.prepares(sys.executable, "-m", "venv", ".venv")
    user.does("source .venv/bin/activate")
    if sick:
        shutil.rmtree(user.project / ".venv")


def base_gone(user: Patient, *, sick: bool) -> None:
    """The Python below the active environment has been removed; or is there."""
    user.prepares(sys.executable, "-m", "venv", ".venv")
    user.does("source .venv/bin/activate")
    if sick:
        python = user.project / ".venv" / "bin" / Path(sys.executable).name
        for link in python.parent.glob("python*"):
            link.unlink()
            link.symlink_to("/opt/gone/bin/python3")
        config = user.project / ".venv" / "pyvenv.cfg"
        config.write_text(re.sub(r"(?m)^(home|executable) = .*", r"\1 = /opt/gone/bin", config.read_text()))


def environment_moved(user: Patient, *, sick: bool) -> None:
    """The active environment was renamed; or not."""
    user.prepares(sys.executable, "-m", "venv", "old")
    if sick:
        (user.project / "old").rename(user.project / ".venv")
        user.does("export VIRTUAL_ENV=$PWD/.venv PATH=$PWD/.venv/bin:$PATH")
    else:
        user.does("source old/bin/activate")


def conda_half_active(user: Patient, *, sick: bool) -> None:
    """The variables of a conda environment without its search path; or both."""
    root = make_root(user.home / "miniconda3", pip=True)
    environment = root.environment("ml", pip=True)
    path = user.env["PATH"]
    user.env |= root.active(path, environment)
    if sick:
        user.env["PATH"] = path


def settings_malformed(user: Patient, *, sick: bool) -> None:
    """The configuration of pip cannot be read; or can."""
    user.prepares(sys.executable, "-m", "venv", ".venv")
    user.does("source .venv/bin/activate")
    (user.home / ".config" / "pip").mkdir(parents=True)
    (user.home / ".config" / "pip" / "pip.conf").write_text("timeout 3\n" if sick else "[global]\ntimeout = 30\n")


MACHINES: tuple[Callable[..., None], ...] = (
    pip_elsewhere,
    environment_gone,
    base_gone,
    environment_moved,
    conda_half_active,
    settings_malformed,
)


def complaints(user: Patient, typed: str, shape: str) -> tuple[frozenset[str], float]:
    """What a tool complains of in this shell, without what differs from home to home, and how long it took."""
    begin = time.perf_counter()
    done = user.shell.run(f"{user.home}/tools/{typed} </dev/null 2>&1")
    seconds = time.perf_counter() - begin
    text = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
    return frozenset(re.sub(r"/\S+", "/…", each.strip()) for each in re.findall(f"(?m){shape}", text)), seconds


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as scratch:
        own, peers = install(Path(scratch) / "own", str(ROOT)), Path(scratch) / "peers"
        tools = {"envdoctor": own / "envdoctor"}
        tools |= {name: install(peers / name, name) / name for name in ("pyfirstaid", "unidep", "showmyenv")}
        spoke = {name: [0, 0] for name in PEERS}
        took: dict[str, list[float]] = {name: [] for name in PEERS}
        for make in MACHINES:
            heard: dict[str, list[frozenset[str]]] = {name: [] for name in PEERS}
            for sick in (False, True):
                with Patient(Path(scratch) / f"{make.__name__}-{sick}" / "patient") as user:
                    user.install("uv")
                    (user.home / "tools").mkdir()
                    for name, program in tools.items():
                        (user.home / "tools" / name).symlink_to(program)
                    make(user, sick=sick)
                    for name, (typed, shape) in PEERS.items():
                        said, seconds = complaints(user, typed, shape)
                        heard[name].append(said)
                        took[name].append(seconds)
            for name, (healthy, sick_too) in heard.items():
                spoke[name][0] += bool(sick_too - healthy)
                spoke[name][1] += bool(healthy)
            print(
                make.__name__, {name: [sorted(each) for each in said] for name, said in heard.items()}, file=sys.stderr
            )
    print(f"| doctor | speaks on the sick, of {len(MACHINES)} | on the healthy, of {len(MACHINES)} | seconds |")
    print("|---|---|---|---|")
    for name, (sick_ones, healthy_ones) in spoke.items():
        print(f"| `{name}` | {sick_ones} | {healthy_ones} | {statistics.median(took[name]):.1f} |")


if __name__ == "__main__":
    main()
