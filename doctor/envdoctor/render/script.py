"""The plan as a script to read and paste: each step under its finding, what deletes something as a comment."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor.engine.fix import Manual, Safety
from envdoctor.plan.plan import Item, Plan
from envdoctor.render.changes import changes_of
from envdoctor.render.wording import number, title
from envdoctor.report.report import Report
from envdoctor.shells.dialects import Shell, commands, lines_of
from envdoctor.text.visible import visible


def render(report: Report, plan: Plan, shell: Shell) -> str:
    """The script as this shell says it."""
    return "".join(f"{line}\n" for line in _lines(report, plan, shell))


def _lines(report: Report, plan: Plan, shell: Shell) -> Iterator[str]:
    applied = [item for item in plan.items if item.held_back is None]
    if recorded := report.recorded:
        when = f"recorded at {recorded.created} by envdoctor {recorded.version}"
        yield _comment(f"For that machine, not for this one: {recorded.file}, {when}.", shell)
    fixes = "1 fix" if len(applied) == 1 else f"{len(applied)} fixes"
    yield _comment(f"{number(len(report.findings), 'finding')}, {fixes}, in this order. Nothing has been run.", shell)
    for place, item in enumerate(plan.items, 1):
        yield ""
        yield _comment(f"{place}. {title(item.result.check)}: {item.finding.message}", shell)
        yield from _fix(item, shell, replayed=report.recorded is not None)


def _fix(item: Item, shell: Shell, *, replayed: bool) -> Iterator[str]:
    changes = changes_of(item.fix)
    label = f"  [{', '.join(changes)}]" if changes else ""
    yield _comment(f"{'Fix for that machine' if replayed else 'Fix'}: {item.fix.summary}{label}", shell)
    asked = item.held_back is not None or item.fix.safety is Safety.DESTRUCTIVE
    if item.held_back is not None:
        yield _comment(f"Not applied: {item.held_back}", shell)
    for command, action in lines_of(item.actions, shell):
        by_hand = isinstance(action, Manual)
        yield command if by_hand or not asked else _comment(command, shell)
    if item.then_gone:
        yield _comment(f"Then gone: {', '.join(item.then_gone)}", shell)
    if item.examine_again:
        yield _comment("Examine again here: envdoctor fix", shell)


def _comment(text: str, shell: Shell) -> str:
    """A line that does nothing, also where it is pasted at a prompt that knows no comments."""
    [line] = commands((Manual(visible(text)),), shell)
    return line
