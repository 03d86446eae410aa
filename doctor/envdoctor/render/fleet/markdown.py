"""A fleet as Markdown. Every foreign word stands in code."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor.engine.finding import Severity
from envdoctor.fleet.answer import Answer, Difference, History
from envdoctor.render.fleet import wording
from envdoctor.render.markdown import SIGNS, cell, code

MOST = 50


def render(answer: Answer) -> str:
    """The document."""
    lines = [wording.examined(answer), "", f"## {code(wording.headline(answer))}", ""]
    if answer.history:
        lines += [*_history(answer.history), ""]
    lines += ["| machines | errors and warnings | which |", "|---:|---|---|"]
    for group in answer.groups[:MOST]:
        lines.append(f"| {len(group.machines):,} | {wording.codes(group)} | {cell(wording.members(group))} |")
    lines.append("")
    if answer.found:
        lines += ["| | check | machines | findings |", "|---|---|---:|---:|"]
        for found in answer.found:
            sign = SIGNS[Severity(found.severity)]
            lines.append(f"| {sign} | {cell(wording.title(found))} | {found.machines:,} | {found.findings:,} |")
        lines.append("")
    for difference in answer.differences:
        lines += [*_difference(difference), ""]
    if answer.unexamined:
        lines += [f"### Without a report: {wording.number(len(answer.unexamined), 'machine')}", ""]
        lines += [f"- {code(one.machine)}: {code(one.reason)}" for one in answer.unexamined[:MOST]]
        lines.append("")
    lines += [f"- {code(text)}" for text in (*answer.problems[:MOST], *answer.notes)]
    return "".join(f"{line}\n" for line in lines)


def _difference(difference: Difference) -> Iterator[str]:
    yield f"### What differs by {difference.code}"
    yield ""
    yield f"| fact | of {difference.sick:,} with it | of {difference.well:,} without | lift |"
    yield "|---|---:|---:|---:|"
    for one in difference.traits:
        yield f"| {cell(wording.trait(one))} | {one.sick:,} | {one.well:,} | {one.lift:.2f} |"


def _history(history: History) -> Iterator[str]:
    yield f"### Since {code(history.before)}"
    yield ""
    for word, changes in (("new", history.new), ("gone", history.gone)):
        for change in changes:
            told = f"{wording.number(len(change.machines), 'machine')}: {code(wording.names(change.machines))}"
            yield f"- {word}: {change.code} on {told}"
    if not history.new and not history.gone:
        yield "- no finding is new, and none is gone"
