from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from envdoctor.render import prometheus
from envdoctor.report.report import Report
from tests.render.formats_world import REPORTS


def samples(report: Report) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    families = list(text_string_to_metric_families(prometheus.render(report)))
    assert all(family.type == "gauge" and family.documentation for family in families)
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


@pytest.mark.parametrize("name", REPORTS)
def test_an_independent_reader_finds_the_same_numbers(name: str) -> None:
    report = REPORTS[name]
    read = samples(report)
    assert read["envdoctor_exit_code", frozenset()] == report.exit_code.value
    found = [value for (metric, _), value in read.items() if metric == "envdoctor_findings"]
    assert sum(found) == len(report.findings)
    assert sum(value for (metric, _), value in read.items() if metric == "envdoctor_checks") == len(report.results)


def test_nothing_of_the_machine_is_told() -> None:
    assert {label for _, labels in samples(REPORTS["hostile"]) for label, _ in labels} == {
        *("code", "severity", "outcome", "version")
    }
