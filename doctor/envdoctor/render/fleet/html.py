"""A fleet as one static page, with a matrix of machines and findings."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import __version__
from envdoctor.fleet.answer import Answer, Difference
from envdoctor.render.fleet import wording
from envdoctor.render.html.page import page
from envdoctor.render.html.tags import Content, Html, code, table, tag

MOST_ROWS = 300
"""Rows of the matrix; of more machines each group of equal ones is a row."""


def render(answer: Answer) -> str:
    """The document."""
    header = tag("header", tag("p", wording.examined(answer)), tag("h1", wording.headline(answer)))
    parts = [_matrix(answer), _found(answer), *map(_difference, answer.differences), _unexamined(answer)]
    said = [tag("li", text) for text in (*answer.problems, *answer.notes)]
    input_ = tag("section", tag("h2", "About the input"), tag("ul", *said)) if said else ""
    footer = tag("footer", tag("p", f"Made by envdoctor {__version__}."))
    return page("envdoctor: a fleet", header, tag("main", *parts, input_), footer)


def _matrix(answer: Answer) -> Html:
    columns = [found.code for found in answer.found if found.severity != "info"]
    rows = [*_rows(answer, columns)]
    left = len(rows) - MOST_ROWS
    more = tag("p", f"{left:,} more rows are left out; the JSON names all.", class_="soft") if left > 0 else ""
    shown = table("Machines and findings", ("machine", *columns), rows[:MOST_ROWS])
    return tag("section", tag("h2", "Machines and findings"), shown, more)


def _rows(answer: Answer, columns: list[str]) -> Iterator[tuple[Content, ...]]:
    each = answer.machines <= MOST_ROWS
    for group in answer.groups:
        marks = [tag("span", "✗ found", class_="bad") if code in group.codes else "·" for code in columns]
        if each:
            yield from ((code(machine), *marks) for machine in group.machines)
        else:
            count = wording.number(len(group.machines), "machine")
            yield tag("span", f"{count}: ", code(wording.members(group))), *marks


def _found(answer: Answer) -> Html:
    rows = [
        (wording.title(one), tag("span", one.severity, class_=one.severity), f"{one.machines:,}", f"{one.findings:,}")
        for one in answer.found
    ]
    if not rows:
        return Html("")
    return tag("section", tag("h2", "Findings"), table("Findings", ("check", "severity", "machines", "findings"), rows))


def _difference(difference: Difference) -> Html:
    title = f"What differs by {difference.code}"
    head = ("fact", f"of {difference.sick:,} with it", f"of {difference.well:,} without", "lift")
    rows = [
        (code(wording.trait(one)), f"{one.sick:,}", f"{one.well:,}", f"{one.lift:.2f}") for one in difference.traits
    ]
    return tag("section", tag("h2", title), table(title, head, rows))


def _unexamined(answer: Answer) -> Html:
    if not answer.unexamined:
        return Html("")
    rows = [(code(one.machine), one.reason) for one in answer.unexamined]
    return tag("section", tag("h2", "Without a report"), table("Without a report", ("machine", "why"), rows))
