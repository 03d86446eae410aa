"""What every built-in check keeps: a name that fits, a manual page, and tests of each kind.

Tests say themselves what they show: `@pytest.mark.sick("PIP001")` that the check speaks, and with `healthy` that a
look-alike leaves it silent. One of each is wanted in `tests/checks`, and in `tests/clinic` a sick one with its cure.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from envdoctor.engine.check import Check
from envdoctor.engine.registry import Registry

TESTS = Path(__file__).parent
REGISTRY = Registry.load(third_party=False)
CHECKS = {check.code: check for check in REGISTRY.checks}
FAMILIES = ("PY", "PIP", "ENV", "CND", "UV", "PYE", "PRJ", "PKG", "DSK", "TRM", "LIB", "MIR", "NET")


@cache
def marked(folder: str) -> dict[str, set[str]]:
    """The codes that the tests of a folder are marked with, by marker."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted((TESTS / folder).rglob("test_*.py")):
        for kind, code in _marks(ast.parse(path.read_text(encoding="utf-8"))):
            found[kind].add(code)
    return found


def _marks(module: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("pytest.mark.sick", "pytest.mark.healthy"):
            for argument in node.args:
                assert isinstance(argument, ast.Constant), f"line {node.lineno}: a marker names codes"
                yield ast.unparse(node.func).rpartition(".")[2], str(argument.value)


def of_every_check(function: Any) -> Any:
    return pytest.mark.parametrize("check", CHECKS.values(), ids=str)(function)


def test_the_installation_knows_every_family() -> None:
    """Of a family that is new, an installation from before knows nothing."""
    declared = tomllib.loads((TESTS.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    installed = {entry.name: entry.value for entry in entry_points(group="envdoctor.checks")}
    assert declared["envdoctor.checks"].items() <= installed.items(), "run `python -m pip install -e .` once more"


def test_every_built_in_module_loads() -> None:
    assert [str(broken) for broken in REGISTRY.broken] == []


@of_every_check
def test_the_code_belongs_to_a_family(check: Check[Any]) -> None:
    assert re.sub(r"[0-9]+$", "", check.code) in FAMILIES


@of_every_check
def test_the_name_states_a_fault(check: Check[Any]) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", check.slug)
    assert not check.slug.startswith(("check-", "fix-", "no-problem"))
    assert [other.slug for other in CHECKS.values()].count(check.slug) == 1


@of_every_check
def test_the_manual_page_is_complete(check: Check[Any]) -> None:
    assert re.fullmatch(r"[A-Z`].*\.", check.title), check.title
    wanted = [
        "Why it matters",
        "How to fix",
        *(["Not a problem when"] if "Not a problem when" in check.sections else []),
    ]
    assert list(check.sections) == wanted


@of_every_check
def test_there_is_a_sick_case_a_healthy_one_and_a_clinic_case(check: Check[Any]) -> None:
    cases, clinic = marked("checks"), marked("clinic")
    wanted = {"sick case": cases["sick"], "healthy look-alike": cases["healthy"], "clinic case": clinic["sick"]}
    missing = [name for name, codes in wanted.items() if check.code not in codes]
    assert missing == []


def test_markers_name_checks_that_exist() -> None:
    codes = set().union(*marked("checks").values(), *marked("clinic").values())
    assert codes - set(CHECKS) == set()
