from __future__ import annotations

from msgspec.structs import replace
from prometheus_client.parser import text_string_to_metric_families

from envdoctor.render.fleet.prometheus import render
from tests.render.fleet.world import FULL


def test_metrics_are_read_by_prometheus_and_name_no_machine() -> None:
    text = render(FULL)
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert samples == {
        ("envdoctor_fleet_machines", "healthy"): 12,
        ("envdoctor_fleet_machines", "sick"): 3,
        ("envdoctor_fleet_machines", "without_report"): 1,
        ("envdoctor_fleet_findings", "LIB001", "error"): 2,
        ("envdoctor_fleet_findings", "PIP001", "warning"): 3,
        ("envdoctor_fleet_findings", "PY001", "info"): 1,
        ("envdoctor_fleet_bad_inputs",): 1,
        ("envdoctor_fleet_findings_new", "LIB001", "error"): 2,
        ("envdoctor_fleet_findings_gone", "PY001", "warning"): 1,
    }
    assert "s1" not in text
    assert "_new" not in render(replace(FULL, history=None))
