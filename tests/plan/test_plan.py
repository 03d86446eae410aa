from __future__ import annotations

from envdoctor.plan.plan import BY_HAND, plan_of
from tests import samples


def test_every_finding_has_its_item_and_keeps_its_own_fix() -> None:
    report = samples.sample_report()
    items = plan_of(report).items
    assert [(item.result, item.finding) for item in items] == list(report.findings)
    assert all(item.fix is item.finding.fix and item.actions == item.fix.actions for item in items)


def test_what_no_command_can_do_is_held_back() -> None:
    held = {item.code: item.held_back for item in plan_of(samples.sample_report()).items}
    assert set(held.values()) <= {None, BY_HAND}
