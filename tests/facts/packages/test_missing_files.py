from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.packages.missing_files import IncompletePackage, probe_package_files
from envdoctor.facts.packages.records import probe_package_records
from envdoctor.facts.packages.targets import PackageTargets
from tests.facts.packages.packages_world import add, age, target
from tests.support import make_session


def incomplete(
    site: Path,
    *,
    deep: bool = False,
    told: list[tuple[str, int, int]] | None = None,
    is_venv: bool = True,
    is_conda: bool = False,
) -> list[str]:
    """Name and missing files of each package that is not all there."""
    session = make_session()
    session.deep = deep
    if told is not None:
        session.progress = lambda *step: told.append(step)
    records = probe_package_records(session, PackageTargets((target(site, is_venv=is_venv, is_conda=is_conda),)))
    [seen] = probe_package_files(session, records).environments
    return [f"{found.name}: {[path.removeprefix(f'{site}/') for path in found.missing]}" for found in seen.incomplete]


def test_a_record_without_installer_whose_files_are_not_there(tmp_path: Path) -> None:
    listed = "big/__init__.py,sha256=x,9\nbig/m.py,sha256=x,9\nbig-1.dist-info/METADATA,sha256=x,9\n"
    info = add(tmp_path, "big-1", INSTALLER=None, RECORD=listed)
    (tmp_path / "big").mkdir()
    (tmp_path / "big/__init__.py").touch()
    records = probe_package_records(make_session(), PackageTargets((target(tmp_path),)))
    [seen] = probe_package_files(make_session(), records).environments
    assert seen.incomplete == (IncompletePackage("big", "1", str(info), None, (f"{tmp_path}/big/m.py",), 1),)
    (tmp_path / "big/m.py").touch()
    assert incomplete(tmp_path) == []


def test_others_are_looked_at_in_depth_and_told_of_meanwhile(tmp_path: Path) -> None:
    add(tmp_path, "big-1", RECORD="big.py,sha256=x,9\n")
    add(tmp_path, "other-1", RECORD="other-1.dist-info/METADATA,sha256=x,9\n")
    assert incomplete(tmp_path) == []
    told: list[tuple[str, int, int]] = []
    assert incomplete(tmp_path, deep=True, told=told) == ["big: ['big.py']"]
    assert told == [("files of packages", 0, 2), ("files of packages", 1, 2)]


@pytest.mark.parametrize(
    "line",
    [
        "big/tests/test_a.py,sha256=x,9",
        "docs/conf.py,sha256=x,9",
        "../../../bin/big.py,sha256=x,9",
        "/opt/big.py,sha256=x,9",
        "big/data.txt,sha256=x,9",
        "big/__pycache__/a.cpython-311.pyc,,",
        "big/made_later.py,,",
        "old.py,sha256=x,9",
    ],
)
def test_what_no_import_misses(tmp_path: Path, line: str) -> None:
    add(tmp_path, "big-1", INSTALLER=None, RECORD=f"{line}\n")
    (tmp_path / "old.pyc").touch()
    assert incomplete(tmp_path, deep=True) == []


def test_what_is_told_elsewhere_or_is_somebody_elses(tmp_path: Path) -> None:
    gone = "big.py,sha256=x,9\n"
    add(tmp_path, "big-1", INSTALLER="conda", RECORD=gone)
    add(tmp_path, "twice-1", INSTALLER=None, RECORD=gone)
    add(tmp_path, "twice-2", INSTALLER=None, RECORD=gone)
    add(tmp_path, "broken-2", INSTALLER=None, RECORD=gone, METADATA=None)
    assert incomplete(tmp_path, deep=True) == []
    add(tmp_path, "small-1", INSTALLER=None, RECORD=gone)
    assert incomplete(tmp_path, is_venv=False) == []
    assert incomplete(tmp_path) == ["small: ['big.py']"]


def test_an_init_that_only_shares_a_directory_is_missed_by_nobody(tmp_path: Path) -> None:
    listed = "space/__init__.py,sha256=x,56\njwt/__init__.py,sha256=x,1500\ngone/__init__.py,sha256=x,0\n"
    add(tmp_path, "big-1", RECORD=listed)
    (tmp_path / "space").mkdir()
    (tmp_path / "jwt").mkdir()
    assert incomplete(tmp_path, deep=True) == ["big: ['jwt/__init__.py', 'gone/__init__.py']"]


def test_recipes_of_conda_take_files_out_without_a_word(tmp_path: Path) -> None:
    add(tmp_path, "split-1", INSTALLER=None, RECORD="split.py,sha256=x,9\n")
    add(tmp_path, "own-1", INSTALLER="pip\n", RECORD="own.py,sha256=x,9\n")
    assert incomplete(tmp_path, deep=True, is_venv=False, is_conda=True) == ["own: ['own.py']"]


def test_an_installer_may_be_at_work(tmp_path: Path) -> None:
    info = add(tmp_path, "big-1", INSTALLER=None, RECORD="big.py,sha256=x,9\n")
    (info / "new").touch()  # the directory has just been changed
    assert incomplete(tmp_path) == []
    age(info)
    assert incomplete(tmp_path) == ["big: ['big.py']"]


def test_links_are_nobodys_missing_files(tmp_path: Path) -> None:
    add(tmp_path, "big-1", INSTALLER=None, RECORD="big.py,sha256=x,9\n")
    (tmp_path / "big.py").symlink_to("/cache/that/was/emptied")
    assert incomplete(tmp_path) == []
