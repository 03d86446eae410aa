"""What a fix has brought about, by the findings before and after."""

from __future__ import annotations

import msgspec
import pytest

from envdoctor import Activate, EditFile, Finding, Fix, Run, SetVariable, Severity, UnsetVariable
from envdoctor.apply.outcome import Outcome, Verdict, new_in, outcome_of, verdict_of
from envdoctor.engine.finding import Outcome as Ended
from envdoctor.engine.judge import Result
from envdoctor.engine.reference import Facts
from envdoctor.plan.plan import Item, plan_of
from envdoctor.report.report import Report
from tests.plan.world import result

LASTING = Fix("Remove the line", EditFile("/home/ada/.bashrc", remove=("X=1",)), UnsetVariable("X"))
IN_SHELL = Fix("Unset X", UnsetVariable("X"))


def report(*results: Result) -> Report:
    return Report("2026-11-29T15:00:00Z", results, Facts({}))


def found(
    code: str, *messages: str, fix: Fix = LASTING, where: str | None = None, severity: Severity = Severity.ERROR
) -> Result:
    findings = tuple(Finding(message, fix, where) for message in messages)
    return msgspec.structs.replace(result(code, fix, severity=severity), findings=findings)


def first_of(before: Report) -> Item:
    return plan_of(before).items[0]


FINE = msgspec.structs.replace(found("A001"), outcome=Ended.OK)
BEFORE = report(found("A001", "X is 1", where="X"))


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        (FINE, Verdict.RESOLVED),
        (found("A001", "X is 1", where="X"), Verdict.UNCHANGED),
        (found("A001", "X is 2", where="X"), Verdict.UNCHANGED),
        (found("A001", "X is 1", where="X", fix=IN_SHELL), Verdict.HERE_LEFT),
        (found("A001", "Y is 1", where="Y"), Verdict.WORSE),
        (msgspec.structs.replace(FINE, outcome=Ended.CRASHED), Verdict.UNKNOWN),
        (msgspec.structs.replace(FINE, outcome=Ended.SKIPPED, unsettled=True), Verdict.UNKNOWN),
        (msgspec.structs.replace(FINE, outcome=Ended.SKIPPED), Verdict.RESOLVED),
    ],
)
def test_the_finding_after_it_says(after: Result, verdict: Verdict) -> None:
    assert outcome_of(first_of(BEFORE), BEFORE, report(after)).verdict is verdict


def test_what_is_to_be_entered_by_the_shell_is_not_judged_before() -> None:
    enters = Fix("Make it", Run("true"), Activate("/p/.venv"))
    before = report(found("A001", "made elsewhere", fix=enters))
    assert outcome_of(first_of(before), before, before) == Outcome(Verdict.ENTER_LEFT)


def test_a_variable_that_the_shell_has_still_to_set_completes_it() -> None:
    moves = Fix("Keep it elsewhere", SetVariable("UV_PROJECT_ENVIRONMENT", "/e"), Run("uv", "sync"))
    before = report(found("A001", "it lies in a folder", fix=moves))
    assert outcome_of(first_of(before), before, before) == Outcome(Verdict.ENTER_LEFT)


def test_what_is_new_makes_it_worse_and_is_told_but_advice_is_not() -> None:
    worse, advice = found("B001", "broken"), found("C001", "a hint", severity=Severity.INFO)
    after = report(FINE, worse, advice)
    assert outcome_of(first_of(BEFORE), BEFORE, after) == Outcome(Verdict.WORSE, ((worse, worse.findings[0]),))
    assert new_in(after, BEFORE) == ((worse, worse.findings[0]),)


def test_another_finding_of_the_same_place_is_not_mistaken_for_it() -> None:
    before = report(found("A001", "one", "two", where="pip.conf"))
    items = plan_of(before).items
    after = report(found("A001", "two", where="pip.conf"))
    assert [outcome_of(item, before, after).verdict for item in items[:1]] == [Verdict.RESOLVED]
    assert verdict_of(items[0], before, before) is Verdict.UNCHANGED


def test_a_finding_whose_line_has_moved_is_the_same() -> None:
    before = report(found("A001", "`a` in pip.conf:2 is wrong", "`b` in pip.conf:3 is wrong", where="pip.conf"))
    after = report(found("A001", "`b` in pip.conf:5 is wrong", where="pip.conf"))
    items = plan_of(before).items
    assert verdict_of(items[0], before, after) is Verdict.RESOLVED
    assert new_in(after, before) == ()
    assert (
        new_in(report(found("A001", "line 7 is wrong", where="a:7")), report(found("A001", "bad", where="a:9"))) == ()
    )


def test_what_became_of_the_finding_itself_is_known_where_others_have_come() -> None:
    worse = report(FINE, found("B001", "broken"))
    assert verdict_of(first_of(BEFORE), BEFORE, worse) is Verdict.RESOLVED
    assert verdict_of(first_of(BEFORE), BEFORE, report()) is Verdict.UNKNOWN
