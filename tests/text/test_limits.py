"""docs/limits.md promises the numbers that the readers keep to."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from envdoctor.text import limits

ROOT = Path(__file__).parent.parent.parent
UNITS = {"MB": 1_000_000, "kB": 1_000}
ROWS = {
    "any file that is read whole": ["FILE"],
    "lock files": ["LOCK"],
    "bundles of certificates": ["CERTIFICATES"],
    "git's index": ["GIT_INDEX"],
    "`.netrc`": ["NETRC"],
    "`.python-version`": ["PINS"],
    "`.condarc`, `environment.yml`": ["YAML"],
    "start-up files of shells": ["STARTUP_FILE", "FOLLOWED_FILE", "STARTUP_FILES"],
    "blocks inside one another in a start-up file": ["BLOCKS"],
    "the value of a variable in a start-up file": ["VALUE", "VALUES"],
    "blocks of conda or mamba in a start-up file": ["CONDA_BLOCKS"],
    "a requirement, a version, a set of specifiers": ["REQUIREMENT"],
    "inclusions of dependency groups": ["GROUPS_DEEP", "GROUPED"],
    "sections times `[DEFAULT]` of pip's configuration": ["PIP_DEFAULTS"],
    "recordings and baselines": ["RECORDING", "RECORDED_OBJECTS", "RECORDED_LEVELS"],
    "what a program prints": ["OUTPUT"],
}


def documented() -> dict[str, list[int]]:
    """The numbers in the second column of the page's table, by the first."""
    text = (ROOT / "docs/limits.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| (.+?) \| .+ \|$", text, re.MULTILINE)
    numbers = {what: re.findall(r"(\d[\d,]*)(?: (MB|kB))?", most) for what, most in rows}
    return {
        what: [int(number.replace(",", "")) * UNITS.get(unit, 1) for number, unit in found]
        for what, found in numbers.items()
    }


@pytest.mark.parametrize("what", ROWS)
def test_the_page_says_what_is_kept_to(what: str) -> None:
    assert documented()[what] == [getattr(limits, name) for name in ROWS[what]]


def test_each_limit_stands_on_the_page_and_is_used() -> None:
    names = {name for name in vars(limits) if name.isupper()}
    assert names == {name for row in ROWS.values() for name in row}
    used: set[str] = set()
    for file in (ROOT / "doctor").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "limits":
                used.add(node.attr)
    assert names <= used
