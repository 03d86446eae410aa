"""Tests mirror the source: who changes a module finds its tests by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = {ROOT / "doctor/envdoctor": ROOT / "tests", ROOT / "checks/envdoctor_checks": ROOT / "tests/checks"}


def expected() -> dict[str, Path]:
    """The test file of every module, by the module's name. A private one is tested by those that it belongs to."""
    found = {}
    for source, tests in SOURCES.items():
        for file in source.rglob("*.py"):
            if not file.name.startswith("_"):
                place = file.relative_to(source)
                module = ".".join(place.with_suffix("").parts)
                found[module] = tests / place.parent / f"test_{file.stem}.py"
    return found


@pytest.mark.parametrize(("module", "test"), sorted(expected().items()))
def test_a_module_has_a_test_file_of_its_name(module: str, test: Path) -> None:
    assert test.exists(), f"{module} has no {test.relative_to(ROOT)}"
    assert "def test_" in test.read_text(encoding="utf-8")
