"""`envdoctor fix --session`: what fixes the calling shell, printed for its `eval`; what is said goes to stderr.

A shell does not learn the exit status of what it evaluates, so a refusal stands in the text, too.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from envdoctor.cli import output
from envdoctor.cli.examine import Prepared
from envdoctor.cli.judging import judged
from envdoctor.cli.session import open_session
from envdoctor.engine.fix import UnsetVariable
from envdoctor.plan.session import SessionPlan, session_plan, steps_of
from envdoctor.render.wording import title, unexamined
from envdoctor.report.report import ExitCode
from envdoctor.shells.dialects import NAMES, Shell
from envdoctor.shells.evaluated import OF_DATA, TAKEN_IN, evaluated, refused
from envdoctor.shells.part import Part
from envdoctor.shells.values import is_data
from envdoctor.system import calling_shell
from envdoctor.system.session import DEFAULT_TIMEOUT, Session

LIKE_BASH = frozenset({"ksh", "mksh"})
"""Shells that take what bash takes."""


def printed(prepare: Callable[[], Prepared], named: Shell | None) -> int:
    """Print what fixes the shell. Returns the exit status; raises UsageProblem."""
    try:
        prepared = prepare()
        shell = named or _calling(prepared.session)
        if sys.stdout.isatty():
            line = TAKEN_IN[shell].format("envdoctor fix --session")
            output.complain(f"envdoctor: this only prints the fixes; type this to apply them: {line}")
        report = judged(prepared.establish, prepared.choices, configuration=prepared.configuration)
    except output.UsageProblem:
        if known := named or _nearest(open_session(DEFAULT_TIMEOUT)):
            output.write(refused(known))
        raise
    plan = session_plan(report, is_data if shell in OF_DATA else lambda _step: True)
    parts = [
        Part(item.code, f"{title(item.result.check)}: {item.finding.message}", steps_of(item)) for item in plan.items
    ]
    if parts:
        output.write(evaluated(parts, shell, prepared.session.env))
    for line in (*unexamined(report), *_told(plan), *_told_of_pane(plan, prepared.session.env)):
        output.complain(f"envdoctor: {line}")
    return ExitCode.HEALTHY


def _nearest(session: Session) -> Shell | None:
    """The calling shell; None if it is none of those that are known."""
    above = calling_shell.find(session.processes)
    name = above.name if above else ""
    return Shell.BASH if name in LIKE_BASH else NAMES.get(name)


def _calling(session: Session) -> Shell:
    """The shell that is going to evaluate this. Raises UsageProblem where that is not known."""
    if shell := _nearest(session):
        return shell
    names = ", ".join(shell.value for shell in Shell)
    raise output.UsageProblem(f"--session: the calling shell is none of these; name it with --shell: {names}")


def _told_of_pane(plan: SessionPlan, env: Mapping[str, str]) -> list[str]:
    """That fixes reach this pane alone, and how the tmux server is kept from giving new panes what was unset."""
    if not plan.items or not env.get("TMUX"):
        return []
    steps = (step for item in plan.items for step in item.actions)
    unset = list(dict.fromkeys(step.name for step in steps if isinstance(step, UnsetVariable)))
    pane = f"this is fixed in pane {env.get('TMUX_PANE', '?')} of tmux alone"
    if not unset:
        return [f"{pane}; new panes are given what the tmux server has"]
    line = "; ".join(f"tmux set-environment -gu {name}" for name in unset)
    return [f"{pane}; where new panes have {' and '.join(unset)} again, type: {line}"]


def _told(plan: SessionPlan) -> list[str]:
    """What has been fixed and what has not, a line each."""
    lines = [f"{item.code}: {item.fix.summary}" for item in plan.items]
    lines += [f"{code}: by hand: {text}" for code, text in plan.by_hand]
    if plan.rest:
        codes = ", ".join(dict.fromkeys(result.check.code for result, _ in plan.rest))
        lines.append(f"not for this shell alone, see `envdoctor fix`: {codes}")
    return lines or ["there is nothing to fix in this shell"]
