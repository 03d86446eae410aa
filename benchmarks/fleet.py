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


def reports(count: int) -> Iterator[tuple[str, str]]:
    """The name and the report of each machine."""
    chance = random.Random(7)
    first = real()
    for number in range(count):
        report = dict(first)
        facts = report["facts"] = dict(first["facts"])
        for name in ("ActivePython", "Examined", "DiskPlaces"):
            facts[name] = copy.deepcopy(first["facts"][name])
        report["results"] = [dict(result) for result in first["results"]]
        sick = number % 200 == 7
        report["created"] = f"2026-11-29T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}Z"
        facts["Examined"]["shell_started"] = 1_790_000_000 + chance.random() * 1e6
        facts["Examined"]["cwd"] = f"/scratch/job{number}"
        facts["Examined"]["user_id"] = 1000 + chance.randrange(count)
        interpreter = facts["ActivePython"]["interpreter"]
        interpreter["version"] = [3, chance.choice((10, 11, 11, 12)), chance.randrange(12)]
        interpreter["libc"] = PLANTED if sick else chance.choice(("2.28", "2.34", "2.36"))
        if sick or (number % 2 and chance.random() < 0.5):
            facts["Modules"] = {"loaded": [COMPANION], "kernel": f"5.{chance.randrange(20)}"}
        for place in facts["DiskPlaces"]["places"]:
            if place.get("volume"):
                place["volume"]["free"] = chance.randrange(10**11)
        found = [code for code, share in OTHERS if chance.random() < share] + (["LIB001"] if sick else [])
        for result in report["results"]:
            result["findings"] = []
            result["outcome"] = "ok" if result["outcome"] == "found" else result["outcome"]
            if result["code"] in found:
                result["outcome"] = "found"
                result["findings"] = [{"message": f"found by {result['code']}", "severity": "error"}]
            elif result["code"] in {"LIB001", *(code for code, _ in OTHERS)}:
                result["outcome"] = "ok"
        yield f"m{number:06}", json.dumps({"machine": f"m{number:06}"} | report)


def measured(arguments: list[str], stream: Iterator[tuple[str, str]] | None = None) -> tuple[float, float, float, str]:
    """Seconds, seconds of processor, MB, and what was printed."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    child = subprocess.Popen([ENVDOCTOR, "fleet", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdin is not None
    for _, text in stream or ():
        child.stdin.write(f"{text}\n")
    said, _ = child.communicate()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - begun, spent, after.ru_maxrss / 1024, said


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
                Path(directory, f"{name}.json").write_text(text, encoding="utf-8")
            print(f"{count:,} files, {size / 1e6:,.0f} MB")
            seconds, spent, megabytes, said = measured([directory])
    print(f"{seconds:.1f} s, {spent:.1f} s of processor, {megabytes:,.0f} MB")
    print(*said.splitlines()[:3], sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
