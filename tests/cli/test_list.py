from __future__ import annotations

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
