"""What do thousands of reports cost? `python benchmarks/fleet.py [MACHINES] [--stream]`.

The reports are made from one real one of this machine: each machine has its own times, free space, kernel and user,
some have one of several Pythons. 0.5 % have a planted cause, a C library that is too old, and an error from it; they
have a setting that a quarter of the others have as well, and that is no cause.
"""

from __future__ import annotations

import copy
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ENVDOCTOR = Path(sys.executable).parent / "envdoctor"
PLANTED, COMPANION = "2.17", "/opt/modules/old"
OTHERS = (("ENV001", 0.06), ("PIP001", 0.11), ("MIR001", 0.02))
"""Errors that have no cause in the facts, and how many machines have them."""


def real() -> dict[str, Any]:
    """A report of this machine."""
    done = subprocess.run([ENVDOCTOR, "--share", "--format", "json"], capture_output=True, check=False)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


Cost = tuple[float, float, float, str]


def reports(count: int) -> Iterator[tuple[str, bytes]]:
    """The name and the report of each machine. What all have is written once: the reading is what costs."""
    chance = random.Random(7)
    first = real()
    own = {name: first["facts"].pop(name) for name in ("ActivePython", "Examined", "DiskPlaces")}
    common = json.dumps(first["facts"])[1:-1]
    head = json.dumps({name: value for name, value in first.items() if name not in {"facts", "results", "created"}})[1:]
    judged = cache(lambda found: json.dumps([result_of(result, found) for result in first["results"]]))
    for number in range(count):
        sick = number % 200 == 7
        facts: dict[str, Any] = vary(own, chance, number, count)
        facts["ActivePython"]["interpreter"]["libc"] = PLANTED if sick else chance.choice(("2.28", "2.34", "2.36"))
        if sick or (number % 2 and chance.random() < 0.5):
            facts["Modules"] = {"loaded": [COMPANION], "kernel": f"5.{chance.randrange(20)}"}
        found = frozenset([code for code, share in OTHERS if chance.random() < share] + ["LIB001"] * sick)
        created = f"2026-11-29T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}Z"
        yield (
            f"m{number:06}",
            (
                f'{{"machine": "m{number:06}", "created": "{created}", "results": {judged(found)}, '
                f'"facts": {{{json.dumps(facts)[1:-1]}, {common}}}, {head}'
            ).encode(),
        )


def vary(own: dict[str, Any], chance: random.Random, number: int, count: int) -> dict[str, Any]:
    """The facts that are another machine's on each machine."""
    facts: dict[str, Any] = copy.deepcopy(own)
    facts["Examined"] |= {
        "shell_started": 1_790_000_000 + chance.random() * 1e6,
        "cwd": f"/scratch/job{number}",
        "user_id": 1000 + chance.randrange(count),
    }
    facts["ActivePython"]["interpreter"]["version"] = [3, chance.choice((10, 11, 11, 12)), chance.randrange(12)]
    for place in facts["DiskPlaces"]["places"]:
        if place.get("volume"):
            place["volume"]["free"] = chance.randrange(10**11)
    return facts


def result_of(result: dict[str, Any], found: frozenset[str]) -> dict[str, Any]:
    """How a check ended on a machine on which these checks found something."""
    if result["code"] in found:
        finding = {"message": f"found by {result['code']}", "severity": "error"}
        return result | {"outcome": "found", "findings": [finding]}
    judged = result["outcome"] == "found" or result["code"] in {"LIB001", *(code for code, _ in OTHERS)}
    return result | {"outcome": "ok" if judged else result["outcome"], "findings": []}


def measured(arguments: list[str], stream: Iterator[tuple[str, bytes]] | None = None) -> Cost:
    """Seconds, seconds of processor, MB, and what was printed."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    child = subprocess.Popen([ENVDOCTOR, "fleet", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin is not None
    for _, text in stream or ():
        child.stdin.write(text + b"\n")
    said, _ = child.communicate()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - begun, spent, after.ru_maxrss / 1024, said.decode()


def main(arguments: list[str]) -> None:
    """Print what a run costs, and the first lines that it says."""
    count = int(next((word for word in arguments if word.isdigit()), "10000"))
    if "--stream" in arguments:  # its seconds are those of making the reports, too
        seconds, spent, megabytes, said = measured(["-"], reports(count))
    else:
        with tempfile.TemporaryDirectory() as directory:
            size = 0
            for name, text in reports(count):
                size += len(text)
                Path(directory, f"{name}.json").write_bytes(text)
            print(f"{count:,} files, {size / 1e6:,.0f} MB")
            seconds, spent, megabytes, said = measured([directory])
    print(f"{seconds:.1f} s, {spent:.1f} s of processor, {megabytes:,.0f} MB")
    print(*said.splitlines()[:3], sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
