"""Who says what of a sick machine, and what of its healthy twin? Ours beside other doctors, on machines of the clinic.

    python benchmarks/peers.py [MACHINE...]

Each machine of `peer_machines.py` is a home with a shell: once healthy, and once sick in one way.
Every tool stands in an environment of its own, as `uv tool install` and pipx make it, and is typed into that shell. A
tool *speaks on the sick* if it complains of something there that it does not complain of on the twin, and *on the
healthy* if it complains of anything there. What counts as a complaint are the lines that the tool itself marks as a
problem or a warning. Times are medians of seconds of processor.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
from pathlib import Path

from startup import ROOT, install

sys.path.insert(0, str(ROOT))

from peer_machines import MACHINES
from tests.clinic.patient import Patient

PEERS = {
    "envdoctor": ("envdoctor", r"^(?:✗|!) (.*)"),
    "pyfirstaid": ("pyfirstaid", r"^(?:✘|!) (.*)"),
    "unidep doctor": ("unidep doctor", r"^(?:ERROR|WARNING): (.*)"),
    "showmyenv": ("showmyenv", r"\[(?:CRITICAL|HIGH|MEDIUM)\] (.*)"),
}
"""By its name: what is typed, and what a complaint of it looks like."""


def complaints(user: Patient, typed: str, shape: str) -> tuple[frozenset[str], float]:
    """What a tool complains of in this shell, without what differs from home to home; its seconds of processor."""
    done = user.shell.run(f"TIMEFORMAT='%U %S'; time {user.home}/tools/{typed} </dev/null 2>&1")
    text = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
    seconds = sum(map(float, done.stderr.split()))
    return frozenset(re.sub(r"/\S+", "/…", each.strip()) for each in re.findall(f"(?m){shape}", text)), seconds


def main() -> None:
    """Print the table."""
    machines = {name: make for name, make in MACHINES.items() if name in (sys.argv[1:] or MACHINES)}
    with tempfile.TemporaryDirectory() as scratch:
        own, peers = install(Path(scratch) / "own", str(ROOT)), Path(scratch) / "peers"
        tools = {"envdoctor": own / "envdoctor"}
        tools |= {name: install(peers / name, name) / name for name in ("pyfirstaid", "unidep", "showmyenv")}
        spoke = {name: [0, 0] for name in PEERS}
        took: dict[str, list[float]] = {name: [] for name in PEERS}
        for machine, make in machines.items():
            heard: dict[str, list[frozenset[str]]] = {name: [] for name in PEERS}
            for sick in (False, True):
                with Patient(Path(scratch) / f"{machine}-{sick}" / "patient") as user:
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
            print(machine, {name: [sorted(each) for each in said] for name, said in heard.items()}, file=sys.stderr)
    of = f"of {len(machines)}"
    print(f"| doctor | speaks on the sick, {of} | on the healthy, {of} | seconds of processor |")
    print("|---|---|---|---|")
    for name, (sick_ones, healthy_ones) in spoke.items():
        print(f"| `{name}` | {sick_ones} | {healthy_ones} | {statistics.median(took[name]):.1f} |")


if __name__ == "__main__":
    main()
