"""A fleet as a person reads it: whose session, the most telling difference, then groups, findings, what differs."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor.fleet.answer import Answer, Change, Difference, History
from envdoctor.render.fleet import wording
from envdoctor.render.lines import Line, Span, line

STYLES = {"error": "bold red", "warning": "bold yellow", "info": "blue"}
MOST = 20


def layout(answer: Answer) -> list[Line]:
    """All lines."""
    lines = [line(wording.examined(answer)), line(Span(wording.headline(answer), "bold"))]
    for part in (_history(answer.history), _groups(answer), _unexamined(answer), _found(answer)):
        lines += _apart(part)
    for difference in answer.differences:
        lines += _apart(_difference(difference))
    return lines + _apart(_input(answer))


def _apart(part: Iterator[Line]) -> list[Line]:
    lines = [*part]
    return [line(), *lines] if lines else []


def _groups(answer: Answer) -> Iterator[Line]:
    if not answer.groups:
        return
    yield line(Span("Machines with the same errors and warnings", "bold"))
    for group in answer.groups[:MOST]:
        style = "bold" if group.codes else "green"
        yield line(f"{len(group.machines):>7,}  ", Span(wording.codes(group), style), indent=2)
        yield line(Span(wording.members(group), "dim"), indent=11)
    if len(answer.groups) > MOST:
        yield line(f"and {len(answer.groups) - MOST:,} smaller groups (--format json names all)", indent=11)
    if answer.left_out:
        yield line(f"{wording.number(answer.left_out, 'machine')} left out by --where", indent=2)


def _unexamined(answer: Answer) -> Iterator[Line]:
    if not answer.unexamined:
        return
    yield line(Span(f"Without a report: {wording.number(len(answer.unexamined), 'machine')}", "bold"))
    yield from (line(f"{one.machine}: {one.reason}", indent=2) for one in answer.unexamined[:MOST])
    if len(answer.unexamined) > MOST:
        yield line(f"and {len(answer.unexamined) - MOST:,} more", indent=2)


def _found(answer: Answer) -> Iterator[Line]:
    if not answer.found:
        return
    yield line(Span("Findings", "bold"))
    for one in answer.found:
        told = f"{wording.title(one)}: {wording.number(one.machines, 'machine')}"
        more = f", {wording.number(one.findings, 'finding')}" if one.findings > one.machines else ""
        yield line(Span(f"{one.severity:<8}", STYLES[one.severity]), told, more, indent=2)


def _difference(difference: Difference) -> Iterator[Line]:
    sides = f"{wording.number(difference.sick, 'machine')} with it, {difference.well:,} without"
    yield line(Span(f"What differs by {difference.code}", "bold"), f": {sides}")
    if not difference.traits:
        yield line(wording.NOTHING_DIFFERS, indent=2)
    for one in difference.traits:
        yield line(Span(wording.trait(one), "bold"), indent=2)
        yield line(f"{wording.shares(difference, one)}; lift {one.lift:.2f}", indent=4)
        if alike := wording.alike(one):
            yield line(Span(alike, "dim"), indent=4)


def _history(history: History | None) -> Iterator[Line]:
    if history is None:
        return
    yield line(Span(f"Since {history.before}", "bold"))
    yield from _changes("+ new", history.new, "bold red")
    yield from _changes("- gone", history.gone, "green")
    if not history.new and not history.gone:
        yield line("no finding is new, and none is gone", indent=2)
    for what, machines in (("with a report only now", history.added), ("without a report now", history.lost)):
        if machines:
            yield line(f"{what}: {wording.names(machines)}", indent=2)


def _changes(word: str, changes: tuple[Change, ...], style: str) -> Iterator[Line]:
    for change in changes:
        told = f"{wording.number(len(change.machines), 'machine')}: {wording.names(change.machines)}"
        yield line(Span(f"{word} {change.code}", style), f" on {told}", indent=2)


def _input(answer: Answer) -> Iterator[Line]:
    for problem in answer.problems[:MOST]:
        yield line(Span("! ", "bold yellow"), problem)
    if len(answer.problems) > MOST:
        yield line(Span("! ", "bold yellow"), f"and {len(answer.problems) - MOST:,} more such inputs")
    for note in answer.notes:
        yield line(Span("! ", "bold yellow"), note)
