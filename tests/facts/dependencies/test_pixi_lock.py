from __future__ import annotations

from pathlib import Path

import pytest
from rattler.lock import LockFile

from envdoctor.facts.dependencies.pixi_lock import fault, newer

REST = "environments: {}\npackages: []\n"
CONFLICT = "<<<<<<< HEAD"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (REST, 1, "missing `version` field in lock file"),
        ("", 1, "missing `version` field in lock file"),
        (f"# x\nversion: '6'\n{REST}", 2, "`version` field in lock file is not an integer"),
        (f"version: 0\n{REST}", 1, "`version` field in lock file is not an integer"),
        (f"version: \u00b2\n{REST}", 1, "`version` field in lock file is not an integer"),
        (f"version: 6\n{CONFLICT}\n{REST}", 2, CONFLICT),
    ],
)
def test_what_rattler_refuses(tmp_path: Path, text: str, line: int, said: str) -> None:
    lock = tmp_path / "pixi.lock"
    lock.write_text(text)
    with pytest.raises(Exception, match=said if "field" in said else "."):
        LockFile.from_path(lock)
    assert fault(str(lock)) == (line, said)


def test_a_newer_format(tmp_path: Path) -> None:
    lock = tmp_path / "pixi.lock"
    lock.write_text(f"version: 8\n{REST}")
    said = "found newer lockfile format version 8, but only up to including version 7 is supported"
    with pytest.raises(Exception, match=said):
        LockFile.from_path(lock)
    assert (fault(str(lock)), newer(str(lock))) == (None, said)


@pytest.mark.parametrize("version", [6, 7])
def test_what_rattler_reads(tmp_path: Path, version: int) -> None:
    lock = tmp_path / "pixi.lock"
    lock.write_text(f"version: {version}\n{REST}")
    LockFile.from_path(lock)
    assert (fault(str(lock)), newer(str(lock))) == (None, None)
    assert (fault(f"{tmp_path}/gone"), newer(f"{tmp_path}/gone")) == (None, None)


def test_a_number_of_thousands_of_digits_is_one(tmp_path: Path) -> None:
    lock = tmp_path / "pixi.lock"
    lock.write_text(f"version: {'9' * 5000}\n{REST}")
    assert (fault(str(lock)), newer(str(lock))) == (None, None)
