from __future__ import annotations

import re
import subprocess
import sys

import pytest
from packaging.specifiers import SpecifierSet

from envdoctor.facts.packages import owners, pairs
from envdoctor.text import versions


def test_every_row_has_a_source_and_a_month() -> None:
    rows = pairs.load().rows
    assert len(rows) > 25
    assert [row for row in rows if not row.source or not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", row.read)] == []


def test_specifiers_are_such() -> None:
    table = pairs.load()
    said = [text for row in table.torch for text in (row.versions, row.torch)]
    said += [text for row in table.driver for text in (row.cuda, f">={row.driver}")]
    said += [row.versions for row in table.label] + [row.versions for row in table.interface]
    for text in said:
        SpecifierSet(text)


@pytest.mark.parametrize("package", ["torchcodec"])
def test_no_two_rows_of_a_package_overlap(package: str) -> None:
    rows = [row for row in pairs.load().torch if row.package == package]
    for release in ("0.0.3", *(f"0.{minor}.{micro}" for minor in range(1, 20) for micro in range(3))):
        assert len([row for row in rows if versions.admits(row.versions, release)]) == 1, release


def test_the_stems_begin_every_name_of_packages_that_exclude_each_other() -> None:
    names = [name for row in pairs.load().exclusive for name in row.packages]
    assert [name for name in names if not name.startswith(owners.STEMS)] == []


@pytest.mark.tools
def test_the_program_lists_what_is_to_be_looked_up_again() -> None:
    argv = [sys.executable, "-m", "envdoctor.facts.packages.pairs", "--before", "2000-01"]
    assert subprocess.run(argv, capture_output=True, text=True, check=True).stdout == "\n"
    assert pairs.by_age()[0].startswith(min(row.read for row in pairs.load().rows))
