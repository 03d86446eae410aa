from __future__ import annotations

import sys
from pathlib import Path

import pytest

from envdoctor.facts.imports import known_names
from tests.facts.imports.imports_world import all_names
from tests.support import needs_python


def test_a_name_stands_there_once_and_differs_from_its_distribution() -> None:
    names = known_names.load()
    mine = [row.name for row in names.distribution]
    assert len(mine) == len(set(mine)) > 15
    assert all(row.seen_in and row.name != row.distributions[0] for row in names.distribution)
    standard = [name for row in names.standard for name in row.names]
    assert len(standard) == len(set(standard))


def test_what_is_not_there_has_no_answer() -> None:
    names = known_names.load()
    assert names.distributions_of("nothing") == ()
    assert names.span_of("nothing") is None
    assert names.part_of("tkinter") == "python3-tk"
    assert names.part_of("nothing") is None


@pytest.mark.tools
@pytest.mark.parametrize("minor", ["2.7", "3.6", "3.8", "3.9", "3.10", "3.12", "3.13"])
def test_the_real_pythons_have_what_the_table_says(minor: str, tmp_path: Path) -> None:
    version = tuple(map(int, minor.split(".")))
    there = set(all_names(needs_python(minor), tmp_path))
    wrong = [
        name
        for row in known_names.load().standard
        for name in row.names
        if (name in there) is not (row.since <= version < row.until) and name not in NOT_EVERYWHERE
    ]
    assert wrong == []


NOT_EVERYWHERE = {"ossaudiodev", "spwd", "nis", "lzma", "tkinter", "Tkinter"}
"""Modules that a build without the library, or another system, does not have."""


def test_the_standard_library_of_this_python_is_known_to_be_so() -> None:
    version = sys.version_info[:2]
    names = [name for row in known_names.load().standard for name in row.names if row.since <= version < row.until]
    assert set(names) <= set(sys.stdlib_module_names)
