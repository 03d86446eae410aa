"""What `envdoctor fix --apply` and `--undo` say: what would be done, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from envdoctor.engine.finding import Finding
from envdoctor.engine.fix import EditFile
from envdoctor.engine.judge import Result
from envdoctor.plan.plan import Item
from envdoctor.render.changes import changes_of
from envdoctor.render.lines import Line, Span, line
from envdoctor.render.wording import title
from envdoctor.shells.dialects import Shell, lines_of

MARKS = {
    "resolved": ("✓", "bold green"),
    "resolved for new shells": ("✓", "bold green"),
    "unchanged": ("✗", "bold red"),
    "worse": ("✗", "bold red"),
    "failed": ("✗", "bold red"),
    "not applied": ("✗", "bold red"),
    "undone": ("✓", "bold green"),
    "gone already": ("✓", "bold green"),
}


def item_lines(item: Item, shell: Shell) -> list[Line]:
    """A finding, its fix, and the steps of it but for edits, which are shown as what they change."""
    changes = changes_of(item.fix)
    label = Span(f"  [{', '.join(changes)}]", "dim") if changes else ""
    head = [
        line(Span(f"{item.code} ", "bold"), Span(item.finding.message, "bold")),
        line(Span("Fix: ", "green"), item.fix.summary, label, indent=2),
    ]
    steps = tuple(action for action in item.actions if not isinstance(action, EditFile))
    shown = [line(Span(text, "green"), indent=6, verbatim=True) for text, _ in lines_of(steps, shell)]
    gone = [line(Span("Then gone: ", "dim"), ", ".join(item.then_gone), indent=2)] if item.then_gone else []
    return [*head, *shown, *gone]


def left_lines(heading: str, rows: Sequence[tuple[str, str]]) -> list[Line]:
    """Fixes that are not applied: a heading, then code and reason of each."""
    if not rows:
        return []
    return [
        line(Span(heading, "bold")),
        *(line(Span(f"{code}: ", "dim"), text, indent=2) for code, text in rows),
        line(),
    ]


def outcome_lines(code: str, verdict: str, reason: str | None = None) -> list[Line]:
    """What came of one fix."""
    mark, style = MARKS.get(verdict, ("?", "bold magenta"))
    return [line(Span(f"{mark} ", style), f"{code}: {verdict}{f': {reason}' if reason else ''}")]


def output_lines(output: Iterable[str]) -> list[Line]:
    """What a step has printed that failed."""
    return [line(Span("| ", "dim"), text, indent=4, verbatim=True) for text in output]


def new_lines(new: Iterable[tuple[Result, Finding]]) -> list[Line]:
    """The problems that came with a fix."""
    return [line(Span("new: ", "red"), f"{title(result.check)}: {found.message}", indent=4) for result, found in new]
