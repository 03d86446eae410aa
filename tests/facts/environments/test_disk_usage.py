from __future__ import annotations

import os
from pathlib import Path

import pytest

from envdoctor.facts.environments import disk_usage
from envdoctor.facts.environments.disk_usage import BLOCK, DiskUsage, Measurement
from tests.fuzz.growth import MOST, cost, growth


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
    assert measurement.add(str(one)) == DiskUsage(big + own + lib, own + lib, 3, lib)
    assert measurement.add(str(two)) == DiskUsage(big + twice, twice, 3)
    assert measurement.together == big + own + lib + twice
    assert measurement.add(str(cache)) == DiskUsage(big, 0, 1)
    assert measurement.together == big + own + lib + twice  # the cache adds nothing
    assert measurement.add(str(tmp_path)) is not None
    directories = sum(path.stat().st_blocks * BLOCK for path in (cache, one, two))
    assert measurement.together == big + own + lib + twice + directories
    shared = Measurement().add(str(cache), str(one), str(two))
    assert shared is not None
    assert shared.own == shared.total == big + own + lib + twice  # together they hold all names of it
    assert measurement.add(str(one), go_on=lambda: False) is None


def test_it_ends_after_so_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_usage, "MOST", 3)
    for number in range(3):
        (tmp_path / f"directory{number}").mkdir()
        (tmp_path / f"directory{number}" / "file").touch()
    assert Measurement().add(str(tmp_path)) is None


@pytest.mark.thorough
def test_twice_as_many_files_cost_twice(tmp_path: Path) -> None:
    def measured(count: int) -> float:
        root = tmp_path / str(count)
        for number in range(count):
            directory = root / str(number % 20)
            directory.mkdir(parents=True, exist_ok=True)
            (directory / f"{number}").touch()
            os.link(directory / f"{number}", directory / f"{number}.more")
        return cost(lambda: Measurement().add(str(root)), times=3)

    assert growth(measured, [2_000]) < MOST
