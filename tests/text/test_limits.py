"""docs/limits.md promises the numbers that the readers keep to."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from envdoctor.text import limits

ROOT = Path(__file__).parent.parent.parent
WHOLE = frozenset({"read_bytes", "read_text", "read_toml", "read_yaml", "read_json"})
UNITS = {"MB": 1_000_000, "kB": 1_000}
ROWS = {
    "any file that is read whole": ["FILE"],
    "lock files": ["LOCK"],
    "bundles of certificates": ["CERTIFICATES"],
    "git's index": ["GIT_INDEX"],
    "`.netrc`": ["NETRC"],
    "`.python-version`": ["PINS"],
    "`pyvenv.cfg`, `activate`, kernels of Jupyter, `ld.so.conf`, `.env`, pins of asdf and mise": ["SMALL_FILE"],
    "`.venv` and `.pdm-python` as files": ["PATH_FILE"],
    "`setup.py`, `setup.cfg`": ["SETUP_FILE"],
    "settings of VS Code": ["VSCODE"],
    "`.pth` files, headers of `METADATA`, records of working copies": ["PACKAGE_FILE"],
    "`RECORD` of a package": ["INSTALLED_FILES"],
    "an egg that is one file": ["ZIPPED_EGG"],
    "entries of a directory of packages": ["INSTALLED_ENTRIES"],
    "conda's `environments.txt`": ["LISTED_ENVIRONMENTS"],
    "conda's record of a package": ["CONDA_RECORD"],
    "an extension module that is searched": ["EXTENSION"],
    "the loader's cache": ["LOADER_CACHE"],
    "what Linux says of the processors": ["PROCESSORS"],
    "`.condarc`, `environment.yml`": ["YAML"],
    "start-up files of shells": ["STARTUP_FILE", "FOLLOWED_FILE", "STARTUP_FILES"],
    "blocks inside one another in a start-up file": ["BLOCKS"],
    "the value of a variable in a start-up file": ["VALUE", "VALUES"],
    "blocks of conda or mamba in a start-up file": ["CONDA_BLOCKS"],
    "brackets in brackets in TOML 1.1": ["TOML_DEPTH"],
    "a requirement, a version, a set of specifiers": ["REQUIREMENT"],
    "brackets in brackets in YAML": ["YAML_DEPTH"],
    "inclusions of dependency groups": ["GROUPS_DEEP", "GROUPED"],
    "sections times `[DEFAULT]` of pip's configuration": ["PIP_DEFAULTS"],
    "recordings and baselines": ["RECORDING", "RECORDED_OBJECTS", "RECORDED_LEVELS"],
    "a recording that is packed into a report": ["UNPACKED"],
    "the journal of `envdoctor fix --apply`": ["JOURNAL"],
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


def test_no_reader_has_a_cap_of_its_own() -> None:
    """What is read whole is bounded by a name of `limits`; of a head alone no more is wanted."""
    own = []
    for file in (ROOT / "doctor").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WHOLE:
                most = [*node.args[1:], *(keyword.value for keyword in node.keywords)]
                own += [f"{file.name}:{node.lineno}" for cap in most if not _is_named(cap)]
    assert own == []


def _is_named(cap: ast.expr) -> bool:
    if isinstance(cap, ast.Call) and isinstance(cap.func, ast.Name) and cap.func.id == "min":  # of what is left
        return True
    return (isinstance(cap, ast.Name) and cap.id == "limit") or (
        isinstance(cap, ast.Attribute) and isinstance(cap.value, ast.Name) and cap.value.id == "limits"
    )
