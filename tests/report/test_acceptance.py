from __future__ import annotations

from datetime import date

import msgspec
import pytest

from envdoctor import Evidence, Severity
from envdoctor.engine.finding import Outcome
from envdoctor.report.acceptance import Rule, Suppression, accept
from envdoctor.report.baseline import Baseline
from envdoctor.report.places import Base, fingerprint_of
from envdoctor.report.report import ExitCode
from tests.samples import sample_report

REPORT = sample_report()
TODAY = date(2026, 1, 10)
ORIGIN = "/p/envdoctor.toml:3"


def rule(code: str = "AAA001", until: date | None = None, where: str | None = None) -> Rule:
    return Rule(Suppression(code, "we know", until, where), ORIGIN)


@pytest.mark.parametrize("code", ["AAA001", "aaa001", "wet-ground"])
@pytest.mark.parametrize("where", [None, "/ground", "/gr*"])
def test_a_suppressed_finding_is_listed_with_its_reason_and_does_not_fail(code: str, where: str | None) -> None:
    report = accept(REPORT, [rule(code, where=where)], TODAY)
    [accepted] = report.accepted
    assert (accepted.finding.where, accepted.reason) == ("/ground", f"we know [{ORIGIN}]")
    result = next(result for result in report.results if result.check.code == "AAA001")
    assert (result.outcome, result.findings) == (Outcome.OK, ())
    assert report.count(Severity.ERROR) == 0
    assert (report.unused, report.notes) == ((), ())
    assert report.exit_code is ExitCode.INCOMPLETE  # the sample has what could not be examined


@pytest.mark.parametrize(("code", "where"), [("AAA002", None), ("AAA001", "/gro"), ("AAA001", "PATH")])
def test_another_finding_is_not_meant(code: str, where: str | None) -> None:
    report = accept(REPORT, [rule(code, where=where)], TODAY)
    assert report.accepted == ()
    assert report.findings == REPORT.findings


@pytest.mark.parametrize(
    ("until", "accepted", "noted"),
    [
        (date(2026, 1, 9), 0, 0),
        (date(2026, 1, 10), 1, 1),
        (date(2026, 1, 24), 1, 1),
        (date(2026, 1, 25), 1, 0),
    ],
)
def test_the_last_day_is_included_and_noted_two_weeks_before(until: date, accepted: int, noted: int) -> None:
    report = accept(REPORT, [rule(until=until)], TODAY)
    assert (len(report.accepted), len(report.notes)) == (accepted, noted)
    if noted:
        assert report.notes == (f"{ORIGIN}: AAA001 is accepted until {until} only",)


def test_after_its_end_the_finding_says_that_it_was_accepted() -> None:
    report = accept(REPORT, [rule(until=date(2026, 1, 9))], TODAY)
    [finding] = [finding for result, finding in report.findings if result.check.code == "AAA001"]
    assert finding.evidence[-1] == Evidence("this was accepted until 2026-01-09: we know", ORIGIN)
    assert report.unused == ()


def test_where_no_day_is_known_nothing_ends() -> None:
    assert len(accept(REPORT, [rule(until=date(2020, 1, 1))], None).accepted) == 1


@pytest.mark.parametrize(
    ("code", "said"), [("CCC002", True), ("all-is-well", True), ("AAA002", False), ("XXX001", False)]
)
def test_what_suppresses_nothing_is_said_if_its_check_has_judged(code: str, said: bool) -> None:
    report = accept(REPORT, [rule(code)], TODAY)
    assert bool(report.unused) == said
    strict = msgspec.structs.replace(report, strict=True, results=())
    assert strict.exit_code is (ExitCode.PROBLEMS if said else ExitCode.INCOMPLETE)


def test_a_baseline_accepts_what_it_holds_and_names_what_is_gone() -> None:
    base = Base()
    [known] = [
        (result.check.code, fingerprint_of(result, finding, base))
        for result, finding in REPORT.findings
        if result.check.code == "AAA001"
    ]
    entries = frozenset({known, ("CCC002", "f" * 64), ("XXX001", "0" * 64)})
    report = accept(REPORT, [], TODAY, Baseline("base.json", base, entries))
    assert [each.reason for each in report.accepted] == ["it was there before [base.json]"]
    assert report.notes == ("base.json: CCC002 ffffffffffff… is not found any more and can be removed",)
