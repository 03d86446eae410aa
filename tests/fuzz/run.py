"""Fuzz the readers, guided by what they cover: `python -m tests.fuzz.run [RUNS [TARGET…]]`.

Needs `pip install -e ".[fuzz]"`. What breaks a target is left in the working directory as `crash-…`; repaired, it
belongs into `corpus/TARGET/`, where the ordinary tests replay it.

The readers are loaded and instrumented once. libFuzzer ends the process that it runs in, so each target has a fork.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

RUNS = 40_000
SECONDS = 10
"""How long one target may take; most end by their number of runs."""
AT_ONCE = 2
CORPUS = Path(__file__).parent / "corpus"


def fuzz(name: str, runs: int, scratch: Path) -> None:
    """Fuzz one target in this process, which ends with it."""
    import atheris

    from tests.fuzz.targets import give

    def kept(content: bytes) -> None:
        try:
            give(name, content)
        except BaseException:
            Path(f"crash-{name}-{hashlib.sha1(content).hexdigest()}").write_bytes(content)
            raise

    found = scratch / name
    found.mkdir()
    options = {
        "atheris_runs": runs,
        "runs": runs,
        "max_total_time": SECONDS,
        "seed": 1,
        "max_len": 4096,
        "timeout": 60,
        "rss_limit_mb": 2048,
        "artifact_prefix": f"crash-{name}-",
        "verbosity": 0,
    }
    flags = [f"-{option}={value}" for option, value in options.items()]
    # new inputs go to the first directory; those of the corpus are where it begins
    atheris.Setup([sys.argv[0], *flags, str(found), str(CORPUS / name)], kept)
    atheris.Fuzz()


def forked(name: str, runs: int, scratch: Path) -> int:
    """Start to fuzz a target in a child, which prints into a file. Returns the child's id."""
    child = os.fork()
    if child:
        return child
    output = os.open(scratch / f"{name}.txt", os.O_WRONLY | os.O_CREAT)
    os.dup2(output, 1)
    os.dup2(output, 2)
    tempfile.tempdir = str(scratch)  # the parent removes it with all that the targets leave there
    try:
        fuzz(name, runs, scratch)
    except SystemExit as end:
        os._exit(0 if end.code in (None, 0) else 1)
    finally:
        os._exit(1)  # never back into the parent's loop


def broken(names: Sequence[str], runs: int, scratch: Path) -> Iterator[str]:
    """Fuzz targets, a few at once. Yields each that does not end well."""
    waiting, running = list(names)[::-1], dict[int, str]()
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            name = waiting.pop()
            running[forked(name, runs, scratch)] = name
        child, status = os.wait()
        name = running.pop(child)
        if os.waitstatus_to_exitcode(status) != 0:
            yield name


def main(arguments: list[str]) -> int:
    """Fuzz all targets, each a share of the runs. Returns 1 if one is broken."""
    import atheris

    with atheris.instrument_imports(include=["envdoctor"]):
        from tests.fuzz.targets import TARGETS

    runs = int(arguments[0]) if arguments else RUNS
    names = arguments[1:] or list(TARGETS)
    with tempfile.TemporaryDirectory() as made:
        scratch, found = Path(made), []
        for name in broken(names, runs // len(names), scratch):
            found.append(name)
            said = (scratch / f"{name}.txt").read_text("utf-8", "replace")
            sys.stdout.write(f"{name}:\n{said[-4_000:]}\n")
    sys.stdout.write(f"{len(names)} targets, {runs} inputs; broken: {', '.join(found) or 'none'}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
