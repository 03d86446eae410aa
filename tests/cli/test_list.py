from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from envdoctor.cli.list import command, lines
from envdoctor.engine.registry import Registry
from envdoctor.render.lines import painted


def rows_of(text: str) -> list[str]:
    """The rows of checks, without what the letters of each family mean."""
    return [row for row in text.splitlines() if row.startswith(" ")]


def test_every_check_has_a_line_with_its_severity_and_name_in_the_order_of_codes() -> None:
    shown = CliRunner().invoke(command, ["--no-plugins"], standalone_mode=False)
    assert shown.return_value == 0
    rows = [row.split()[:3] for row in rows_of(shown.stdout)]
    assert rows == sorted(rows)
    checks = Registry.load(third_party=False).checks
    assert rows == [[check.code, check.severity.value, check.slug] for check in checks]


def test_the_letters_of_each_family_are_explained_once() -> None:
    shown = CliRunner().invoke(command, ["--no-plugins"], standalone_mode=False).stdout
    heads = [row for row in shown.splitlines() if not row.startswith(" ")]
    assert len(heads) == len({check.family for check in Registry.load(third_party=False).checks})
    assert heads[0] == "CND: conda"
    assert "LIB: shared libraries" in heads
    assert not any(head.partition(": ")[2].startswith("of ") for head in heads)


@pytest.mark.parametrize("width", [80, 100, 120])
def test_at_every_width_a_name_is_whole_and_a_title_hangs(width: int) -> None:
    registry = Registry.load(third_party=False)
    shown = painted(tuple(lines(registry)), width, colour=False).splitlines()
    assert max(map(len, shown)) <= width
    rows = [row.split() for row in shown if row.startswith("  ") and row[2] != " "]
    assert [row[2] for row in rows] == [check.slug for check in registry.checks]
    longest = max(len(check.slug) for check in registry.checks)
    assert {len(row) - len(row.lstrip()) for row in shown} == {0, 2, 8 if width == 80 else longest + 22}


def test_the_document_holds_every_check_with_what_is_known_of_it() -> None:
    shown = CliRunner().invoke(command, ["--no-plugins", "--format", "json"], standalone_mode=False)
    document = json.loads(shown.stdout)
    assert shown.return_value == document.pop("schema") - 1 == 0
    assert document.pop("broken_plugins") == []
    checks = {check["code"]: check for check in document.pop("checks")}
    assert document == {}
    assert list(checks) == [check.code for check in Registry.load(third_party=False).checks]
    assert checks["PIP001"] == {
        "code": "PIP001",
        "slug": "pip-installs-elsewhere",
        "family": "pip",
        "severity": "error",
        "since": "0.1",
        "title": "A bare `pip` installs into another environment than the one that `python` runs in.",
    }
