from __future__ import annotations

import os
from pathlib import Path

from envdoctor.facts.environments.disk_usage import BLOCK, DiskUsage, Measurement


def test_files_with_several_names_are_counted_once(tmp_path: Path) -> None:
    cache, one, two = tmp_path / "cache", tmp_path / "one", tmp_path / "two"
    for directory in (cache, one / "lib", two):
        directory.mkdir(parents=True)
    (cache / "big").write_bytes(b"x" * 100_000)
    for place in (one / "big", one / "lib" / "big", two / "big"):
        os.link(cache / "big", place)
    (one / "own").write_bytes(b"x" * 10_000)
    (two / "twice").write_bytes(b"x" * 10_000)
    os.link(two / "twice", two / "again")
    big, own, twice = ((path).stat().st_blocks * BLOCK for path in (cache / "big", one / "own", two / "twice"))
    lib = (one / "lib").stat().st_blocks * BLOCK
    measurement = Measurement()
    assert measurement.add(str(one)) == DiskUsage(big + own + lib, own + lib)
    assert measurement.add(str(two)) == DiskUsage(big + twice, twice)
    assert measurement.together == big + own + lib + twice
    assert measurement.add(str(one), lambda: False) is None
