"""What `--apply` would do, shown before it is done: each fix with the change of each file as a diff."""

from __future__ import annotations

import os
from collections.abc import Iterable

from envdoctor.apply import editing
from envdoctor.apply.blocks import Mismatch
from envdoctor.apply.blocks import edited as edited_text
from envdoctor.apply.eligibility import Kind, kind_of
from envdoctor.apply.state import Refused
from envdoctor.apply.steps import Stopped, program_of
from envdoctor.cli.speaking import say
from envdoctor.engine.fix import EditFile, Run
from envdoctor.plan.plan import Item, Plan
from envdoctor.render import file_change
from envdoctor.render.applying import item_lines, left_lines
from envdoctor.shells.dialects import Shell
from envdoctor.shells.evaluated import TAKEN_IN
from envdoctor.system.session import Session


def show_rest(plan: Plan, shell: Shell, *, advice: bool) -> None:
    """Tell which fixes are not applied, and what to do about them."""
    rows = [(item.code, *kind_of(item, advice=advice)) for item in plan.items]
    of_shell = TAKEN_IN[shell].format("envdoctor fix --session")
    headings = {
        Kind.IN_SHELL: f"For this shell, with {of_shell}:",
        Kind.BY_HAND: "By hand:",
        Kind.ADVICE: "Info, which is applied if you name it:",
    }
    for wanted, heading in headings.items():
        say(left_lines(heading, [(code, text) for code, kind, text in rows if kind is wanted]))


def show_item(item: Item, shell: Shell, session: Session, edited: dict[str, bytes]) -> str | None:
    """Show a fix and what it changes. Why it cannot be applied; None if it can.

    `edited` holds the files as the fixes that were shown before leave them, and is kept so.
    """
    say(item_lines(item, shell))
    for place, step in enumerate(item.actions):
        # a program that an earlier step makes is not there yet
        if isinstance(step, Run) and (place == 0 or (os.path.isabs(step.argv[0]) and os.path.isfile(step.argv[0]))):
            try:
                program_of(step, session, session.env.get("PATH", ""))
            except Stopped as stopped:
                return str(stopped)
    return show_edits(item, (step for step in item.actions if isinstance(step, EditFile)), edited)


def show_edits(item: Item, edits: Iterable[EditFile], edited: dict[str, bytes]) -> str | None:
    """Show what edits change. Why one cannot be made; None if all can."""
    for edit in edits:
        try:
            shown = editing.preview(edit, item.code, edited)
        except (Refused, Mismatch) as error:
            if any(isinstance(step, Run) for step in item.actions) and not os.path.lexists(os.path.dirname(edit.path)):
                new = edited_text(b"", edit, item.code).content  # a command before it makes its directory
                say(file_change.layout(edit.path, edit.path, None, new))
                continue
            return f"{edit.path}: {error}" if isinstance(error, Mismatch) else str(error)
        edited[shown.path] = shown.after
        say(file_change.layout(shown.named, shown.path, shown.before, shown.after))
    return None
