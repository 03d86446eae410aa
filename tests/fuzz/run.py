"""Fuzz the readers, guided by what they cover: `python -m tests.fuzz.run [RUNS [TARGET…]]`.

Needs `pip install -e ".[fuzz]"`. What breaks a target is left in the working directory as `crash-…`; repaired, it
belongs into `corpus/TARGET/`, where the ordinary tests replay it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ALL_RUNS = 20_000
CORPUS = Path(__file__).parent / "corpus"


def fuzz(name: str, runs: int) -> None:
    """Fuzz one target in this process, which ends with it."""
    import atheris

    with atheris.instrument_imports(include=["envdoctor"]):
        from tests.fuzz.targets import give

    limits = (f"-atheris_runs={runs}", f"-runs={runs}", "-seed=1", "-max_len=4096", "-timeout=60", "-rss_limit_mb=2048")
    atheris.Setup([sys.argv[0], *limits, "-verbosity=0"], lambda content: give(name, content))
    for seed in sorted((CORPUS / name).iterdir()):
        give(name, seed.read_bytes())
    atheris.Fuzz()


def main(arguments: list[str]) -> int:
    """Fuzz all targets one after the other, each in a process of its own. Returns 1 if one is broken."""
    if arguments[:1] == ["--one"]:
        fuzz(arguments[1], int(arguments[2]))
    from tests.fuzz.targets import TARGETS

    names = arguments[1:] or list(TARGETS)
    runs = int(arguments[0]) if arguments else ALL_RUNS
    broken = []
    for name in names:
        command = [sys.executable, "-m", "tests.fuzz.run", "--one", name, str(runs // len(names))]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        if done.returncode != 0:
            broken.append(name)
            sys.stdout.write(f"{name}:\n{done.stdout[-4_000:]}{done.stderr[-4_000:]}\n")
    sys.stdout.write(f"{len(names)} targets, {runs} inputs; broken: {', '.join(broken) or 'none'}\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
