from __future__ import annotations

import json

from click.testing import CliRunner

from envdoctor.cli.list import command
from envdoctor.engine.registry import Registry


def test_every_check_has_a_line_with_its_severity_and_name_in_the_order_of_codes() -> None:
    shown = CliRunner().invoke(command, ["--no-plugins"], standalone_mode=False)
    assert shown.return_value == 0
    rows = [row.split()[:3] for row in shown.stdout.splitlines()]
    assert rows == sorted(rows)
    checks = Registry.load(third_party=False).checks
    assert rows == [[check.code, check.severity.value, check.slug] for check in checks]


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
