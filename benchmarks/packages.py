"""How long do the checks of installed packages take, beside `pip check` and `uv pip check`?

    python benchmarks/packages.py [DIRECTORY] [COUNT]

Copies the metadata of so many real distributions (500) out of a directory of packages into an empty environment, again
and again under other names where there are fewer, and measures whole processes in one run: CPU seconds, the median of
several rounds. A whole run is measured with and without the family PKG, and that family alone beside a check that asks
for the same Python and nothing else: the differences are what the packages cost.
"""

from __future__ import annotations

import re
import resource
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROUNDS = 9
NAME = re.compile(rb"(?m)^Name:.*$")
PEERS = ("pip check", "uv pip check")
DIFFERENCES = (
    ("envdoctor", "envdoctor --ignore PKG"),
    ("envdoctor --select PKG", "envdoctor --select PY005"),
)


def fill(site: Path, source: Path, count: int) -> None:
    """Copy metadata until there are so many; a copy of a copy gets a name of its own, and keeps what it requires."""
    real = sorted(source.glob("*.dist-info"))
    for number in range(count):
        original, again = real[number % len(real)], number // len(real)
        name, _, rest = original.name.partition("-")
        called = f"{name}_copy{again}" if again else name
        place = site / f"{called}-{rest}"
        shutil.copytree(original, place, symlinks=True, dirs_exist_ok=True)
        if again:  # an older pip goes by the name in the headers
            said = (place / "METADATA").read_bytes()
            (place / "METADATA").write_bytes(NAME.sub(b"Name: " + called.encode(), said, count=1))


def cpu_seconds(argv: Sequence[str], env: dict[str, str], directory: Path | str = "/") -> float:
    """What a process and its children take, once."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(argv, env=env, capture_output=True, check=False, cwd=directory)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def medians(commands: dict[str, tuple[str, ...]], env: dict[str, str]) -> dict[str, float]:
    """The median of each command. They take turns, so that a machine that is busy for a while is so for all."""
    rounds = [{name: cpu_seconds(argv, env) for name, argv in commands.items()} for _ in range(ROUNDS + 1)]
    return {name: statistics.median(each[name] for each in rounds[1:]) for name in commands}


def main() -> None:
    """Measure, and print the ratios."""
    source = Path(sys.argv[1] if len(sys.argv) > 1 else sysconfig.get_path("purelib"))
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    tools = Path(sys.executable).parent
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "env"
        subprocess.run([sys.executable, "-m", "venv", str(root)], check=True)  # with a pip, which is one of the peers
        [site] = root.glob("lib/python3*/site-packages")
        fill(site, source, count)
        python, env = str(root / "bin/python"), {"HOME": place, "PATH": f"{root}/bin:/usr/bin:/bin"}
        doctor = (str(tools / "envdoctor"), "check", "--python", python, "--no-plugins", "--quiet")
        commands = {
            "envdoctor": doctor,
            "envdoctor --ignore PKG": (*doctor, "--ignore", "PKG"),
            "envdoctor --select PKG": (*doctor, "--select", "PKG"),
            "envdoctor --select PY005": (*doctor, "--select", "PY005"),
            "pip check": (python, "-m", "pip", "check"),
            "uv pip check": (str(tools / "uv"), "pip", "check", "--offline", "-p", python),
        }
        found = medians(commands, env)
    print(f"{count} distributions from {source}, CPU ms, median of {ROUNDS}")
    for name, seconds in found.items():
        print(f"  {name:26}{seconds * 1000:7.0f}")
    for more, less in DIFFERENCES:
        cost = found[more] - found[less]
        ratios = "   ".join(f"÷ {peer} {cost / found[peer]:.2f}" for peer in PEERS)
        print(f"  `{more}` - `{less}`: {cost * 1000:.0f}   {ratios}")


if __name__ == "__main__":
    main()
