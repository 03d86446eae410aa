"""What a whole examination comes to."""

from __future__ import annotations

from typing import Any

from envdoctor import Severity
from envdoctor.engine.check import Check
from envdoctor.engine.collector import establish
from envdoctor.engine.judge import facts_for, judge
from envdoctor.engine.reference import Facts
from envdoctor.report.report import Report
from tests import samples
from tests.support import make_session


def report(*checks: Check[Any], fail_on: Severity = Severity.ERROR, **env: str) -> Report:
    facts = establish(facts_for(checks), make_session(env))
    return Report("", judge(checks, facts), facts, (), fail_on)


def test_the_exit_code_follows_the_worst_finding_then_what_nobody_knows() -> None:
    assert report(samples.all_is_well).exit_code == 0
    assert report(samples.advice, samples.no_moon).exit_code == 0
    assert report(samples.wet_ground, samples.crashes, RAIN="1").exit_code == 1
    assert report(samples.damp_ground).exit_code == 0
    assert report(samples.damp_ground, fail_on=Severity.WARNING).exit_code == 1
    assert report(samples.advice, fail_on=Severity.WARNING, RAIN="1").exit_code == 1
    assert report(samples.advice, fail_on=Severity.INFO).exit_code == 1
    for unsettled in (samples.too_slow, samples.on_broken_probe, samples.crashes):
        assert report(unsettled).exit_code == 3
    assert Report("", (), Facts(), ("a plugin",)).exit_code == 3


def test_findings_come_worst_first_and_then_by_code() -> None:
    order = [result.check.code for result, _ in samples.sample_report().findings]
    assert order == ["AAA001", "CCC001", "CCC001"]
    assert [samples.sample_report().count(severity) for severity in Severity] == [1, 1, 1]


def test_the_verdict_is_the_exit_code_in_a_word() -> None:
    made = (report(samples.all_is_well), report(samples.wet_ground, RAIN="1"), report(samples.crashes))
    assert [(one.verdict, int(one.exit_code)) for one in made] == [("healthy", 0), ("problems", 1), ("incomplete", 3)]
