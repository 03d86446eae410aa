"""What to do first, an index of the findings, and their order in the plan: for reports with more than a few."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from envdoctor.engine.finding import Finding
from envdoctor.engine.judge import Result
from envdoctor.plan.plan import BY_HAND, Item, Plan, plan_of
from envdoctor.render.lines import Line, Span, line
from envdoctor.render.wording import MARKS, title
from envdoctor.report.report import Report

SHOWN = 3
"""The fixes that are named."""


def in_order(report: Report, plan: Plan) -> Iterator[tuple[Result, Finding]]:
    """Every finding with its result: in the order of the plan, what is gone then behind what takes it away."""
    placed = {id(item.finding) for item in plan.items}
    rest = [pair for pair in report.findings if id(pair[1]) not in placed]
    for item in plan.items:
        yield item.result, item.finding
        gone = [pair for pair in rest if pair[0].check.code in item.then_gone]
        yield from gone
        rest = [pair for pair in rest if pair not in gone]
    yield from rest


def ordered(report: Report) -> tuple[tuple[tuple[Result, Finding], ...], list[Line]]:
    """The findings in the order of the plan, and the lines that say what to do first."""
    plan = plan_of(report)
    return tuple(in_order(report, plan)), list(_first(report, plan))


def _first(report: Report, plan: Plan) -> Iterator[Line]:
    items = [item for item in plan.items if item.held_back in (None, BY_HAND)]
    yield line(Span("For that machine, in this order:" if report.recorded else "Do this first:", "bold"))
    for place, item in enumerate(items[:SHOWN], 1):
        yield line(f"{place}. {item.fix.summary}", Span(f"  [{_about(item)}]", "dim"), indent=2, hang=3)
    more = f"{len(items) - SHOWN} more; " if len(items) > SHOWN else ""
    yield line(Span(f"{more}`envdoctor fix` shows all steps in order", "dim"), indent=2)
    yield line()
    yield line(Span("All that was found:", "bold"))
    named = Counter((result.severity_of(finding), result.check) for result, finding in in_order(report, plan))
    for (severity, check), count in named.items():
        mark, style = MARKS[severity]
        times = f"  {count} times" if count > 1 else ""
        yield line(Span(f"{mark} ", style), title(check), Span(times, "dim"), indent=2, hang=2)
    yield line()


def _about(item: Item) -> str:
    """The code, and what is different then."""
    gone = f"; then gone: {', '.join(item.then_gone)}" if item.then_gone else ""
    return f"{item.code}{gone}{'; then examine again' if item.examine_again else ''}"
