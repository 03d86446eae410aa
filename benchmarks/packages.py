"""How long do the checks of installed packages take, beside `pip check` and `uv pip check`?

    python benchmarks/packages.py [DIRECTORY] [COUNT]

Copies the metadata of so many real distributions (500) out of a directory of packages into an empty environment, again
and again under other names where there are fewer, and measures whole processes in one run: CPU seconds, the median of
several rounds. `envdoctor` is measured with the family PKG and with a family that asks for the same Python and nothing
else, so that the difference is what the packages cost.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROUNDS = 9


def fill(site: Path, source: Path, count: int) -> None:
    """Copy metadata until there are so many; a copy of a copy gets a name of its own, and keeps what it requires."""
    real = sorted(source.glob("*.dist-info"))
    for number in range(count):
        original, again = real[number % len(real)], number // len(real)
        name, _, rest = original.name.partition("-")
        place = site / (f"{name}_copy{again}-{rest}" if again else original.name)
        shutil.copytree(original, place, symlinks=True, dirs_exist_ok=True)


def cpu_seconds(argv: list[str], env: dict[str, str]) -> float:
    """What a process and its children take, without the first run."""
    seconds = []
    for _ in range(ROUNDS + 1):
        before = os.times()
        subprocess.run(argv, env=env, capture_output=True, check=False, cwd="/")
        after = os.times()
        spent = after.children_user + after.children_system - before.children_user - before.children_system
        seconds.append(spent)
    return statistics.median(seconds[1:])


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
        doctor = [str(tools / "envdoctor"), "check", "--python", python, "--no-plugins", "--quiet", "--select"]
        with_packages, without = cpu_seconds([*doctor, "PKG"], env), cpu_seconds([*doctor, "PY005"], env)
        pip = cpu_seconds([python, "-m", "pip", "check"], env)
        uv = cpu_seconds([str(tools / "uv"), "pip", "check", "--offline", "-p", python], env)
    cost = with_packages - without
    print(f"{count} distributions from {source}, CPU ms, median of {ROUNDS}")
    print(f"  envdoctor --select PKG     {with_packages * 1000:7.0f}")
    print(f"  envdoctor --select PY005   {without * 1000:7.0f}")
    print(f"  the difference             {cost * 1000:7.0f}")
    print(f"  pip check                  {pip * 1000:7.0f}   difference / it {cost / pip:.2f}")
    print(f"  uv pip check               {uv * 1000:7.0f}   difference / it {cost / uv:.2f}")


if __name__ == "__main__":
    main()
