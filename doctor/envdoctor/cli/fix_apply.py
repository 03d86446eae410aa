"""`envdoctor fix --apply`: carry out the fixes that last, one after the other, and examine again after each."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial

import click
import msgspec

from envdoctor.apply.change import Change
from envdoctor.apply.eligibility import Kind, kind_of
from envdoctor.apply.outcome import Verdict, new_in, outcome_of, says_same, verdict_of
from envdoctor.apply.recovery import resolve_all
from envdoctor.apply.state import Refused, State
from envdoctor.apply.steps import Stopped, carry_out
from envdoctor.cli import fix_preview, output
from envdoctor.cli.documents import shell_of
from envdoctor.cli.examine import Prepared
from envdoctor.cli.fix_undo import state_of
from envdoctor.cli.judging import unmasked
from envdoctor.cli.speaking import say, working
from envdoctor.engine.fix import LASTING, AnyAction, Run, Safety, SetVariable, UnsetVariable
from envdoctor.engine.registry import Registry
from envdoctor.engine.selection import SelectionError, select
from envdoctor.plan.composition import SETTINGS
from envdoctor.plan.effects import effects_of
from envdoctor.plan.plan import Item, plan_of
from envdoctor.render.applying import new_lines, outcome_lines, output_lines
from envdoctor.render.wording import unexamined
from envdoctor.report.report import ExitCode, Report
from envdoctor.shells.dialects import commands
from envdoctor.shells.evaluated import TAKEN_IN

MOST_FIXES = 100
REMOVES = "it removes something, and is only applied where you can be asked"


def apply(prepare: Callable[[], Prepared], codes: Sequence[str], *, yes: bool, dry_run: bool) -> int:
    """Apply the fixes of these checks, or of all. Returns the exit status; raises UsageProblem.

    Args:
        prepare: opens the session; called once for each examination.
        codes: codes, prefixes or names; empty for all.
        yes: whether all questions are answered already, but those about what is removed.
        dry_run: whether it is only shown what would be done.
    """
    if not (yes or dry_run or sys.stdin.isatty()):
        raise output.UsageProblem(
            "--apply asks before each fix, and nobody can answer here; --yes applies them unasked"
        )
    return _Application(prepare, codes, yes=yes).run(dry_run=dry_run)


class _Application:
    """One call of `--apply`, from the first examination to the last."""

    def __init__(self, prepare: Callable[[], Prepared], codes: Sequence[str], *, yes: bool) -> None:
        self._prepare = prepare
        self._yes = yes
        self._prepared = prepare()
        self._codes = _meant(codes, self._prepared) if codes else None
        self._advice = not yes or self._codes is not None
        self._first = self._last = self._examine()
        self._shell = shell_of(self._first)
        self._handled: list[Item] = []
        self._applied: list[Item] = []
        self._variables: tuple[AnyAction, ...] = ()
        self._refused: list[str] = []
        self._written: set[str] = set()

    def run(self, *, dry_run: bool) -> int:
        """Go through the plan, and through the one that there is after each fix."""
        for sentence in unexamined(self._first):
            output.complain(f"envdoctor: {sentence}")
        plan = plan_of(self._restricted(self._last))
        fix_preview.show_rest(plan, self._shell, advice=self._advice)
        if dry_run:
            return self._show_all(list(filter(self._is_applied, plan.items)))
        interrupted = False
        try:
            state = state_of(self._prepared.session)
            for sentence in resolve_all(state):
                output.complain(f"envdoctor: {sentence}")
            while (item := self._next()) and len(self._handled) < MOST_FIXES:
                self._handled.append(item)
                self._take(item, state)
        except Refused as error:
            raise output.UsageProblem(str(error)) from error
        except click.Abort:
            interrupted = True
        status = self._told()
        return 130 if interrupted else status

    def _examine(self) -> Report:
        return unmasked(self._prepared.establish, self._prepared.choices, configuration=self._prepared.configuration)

    def _restricted(self, report: Report) -> Report:
        """The report with the findings of the chosen checks alone."""
        if self._codes is None:
            return report
        chosen = tuple(result for result in report.results if result.check.code in self._codes)
        return msgspec.structs.replace(report, results=chosen)

    def _next(self) -> Item | None:
        """The next fix that was not met yet."""
        items = filter(self._is_applied, plan_of(self._restricted(self._last)).items)
        return next((item for item in items if not any(_are_same(item, other) for other in self._handled)), None)

    def _is_applied(self, item: Item) -> bool:
        return kind_of(item, advice=self._advice)[0] is Kind.APPLIED

    def _show_all(self, items: list[Item]) -> int:
        edited: dict[str, bytes] = {}
        for item in items:
            if reason := fix_preview.show_item(item, self._shell, self._prepared.session, edited):
                say(outcome_lines(item.code, "would not be applied", reason))
        if not items:
            output.complain("envdoctor: there is nothing to apply")
        return ExitCode.INCOMPLETE if unexamined(self._first) and not items else ExitCode.HEALTHY

    def _take(self, item: Item, state: State) -> None:
        """Show a fix, ask, carry it out, and examine again."""
        reason = fix_preview.show_item(item, self._shell, self._prepared.session, {})
        if reason is None and item.fix.safety is Safety.DESTRUCTIVE and not sys.stdin.isatty():
            reason = REMOVES
        if reason is not None:
            self._refused.append(item.code)
            say(outcome_lines(item.code, "not applied", reason))
            return
        if not self._is_agreed(item):
            say(outcome_lines(item.code, "left as it is"))
            return
        self._applied.append(item)
        failed = self._failure_of(item, state)
        before, self._prepared = self._last, self._prepare()
        self._last = self._examine()
        if failed is not None:
            self._refused.append(item.code)
            say([*outcome_lines(item.code, "failed", str(failed)), *output_lines(failed.output)])
            return
        outcome = outcome_of(item, before, self._last)
        say([*outcome_lines(item.code, outcome.verdict.value, outcome.reason), *new_lines(outcome.new)])

    def _is_agreed(self, item: Item) -> bool:
        if self._yes and item.fix.safety is not Safety.DESTRUCTIVE:
            return True
        removes = ", which removes something" if item.fix.safety is Safety.DESTRUCTIVE else ""
        return click.confirm(f"Apply this fix of {item.code}{removes}?", default=False, err=True)

    def _failure_of(self, item: Item, state: State) -> Stopped | None:
        """Carry out the steps of a fix. What has stopped them; None if all were carried out."""
        written: list[Change] = []
        session, earlier = self._prepared.session, self._variables
        try:
            with working(f"{item.code}: {item.fix.summary}") as watch:
                carry_out(item.actions, item.code, session, state, partial(_watched, watch), written, earlier)
            self._variables += tuple(step for step in item.actions if isinstance(step, SetVariable | UnsetVariable))
        except Stopped as stopped:
            return stopped
        finally:
            for change in written:
                for sentence in change.told:
                    output.complain(f"envdoctor: {sentence}")
            self._written |= {change.path for change in written if change.written}
        return None

    def _left_to_type(self) -> tuple[AnyAction, ...]:
        """The steps that only the shell itself can take, and `--session` does not: to enter what was made."""
        left = (Verdict.RESOLVED, Verdict.ENTER_LEFT)
        whole = (item for item in self._applied if item.code not in self._refused)
        items = (item for item in whole if verdict_of(item, self._first, self._last) in left)
        steps = (step for item in items for step in item.actions)
        return tuple(dict.fromkeys(step for step in steps if not isinstance(step, LASTING)))

    def _undone_by_hand(self) -> list[str]:
        """How what commands have done is taken back, where a fix knows the way."""
        ran = [item for item in self._applied if any(isinstance(step, Run) for step in item.actions)]
        known = [item for item in ran if item.fix.undo]
        lines = [f"{item.code} is taken back by: {'; '.join(commands(item.fix.undo, self._shell))}" for item in known]
        stays = dict.fromkeys(item.code for item in ran if not (item.fix.undo or self._is_in_files(item)))
        if self._written and stays:
            lines.append(f"what else commands have done stays: {', '.join(stays)}")
        return lines

    def _is_in_files(self, item: Item) -> bool:
        """Whether all that the commands of a fix do is a setting, or a file of which a record is kept."""
        runs = tuple(step for step in item.actions if isinstance(step, Run))
        effects = effects_of(runs, self._prepared.session.cwd or "/")
        changed = (effect for effect in effects if effect.verb not in SETTINGS)
        return bool(effects) and all(os.path.realpath(effect.thing) in self._written for effect in changed)

    def _told(self) -> int:
        """Say what is left to do. Returns the exit status."""
        if not self._handled:
            output.complain("envdoctor: there is nothing to apply")
            return ExitCode.INCOMPLETE if unexamined(self._first) else ExitCode.HEALTHY
        verdicts = {verdict_of(item, self._first, self._last) for item in self._applied}
        for command in commands(self._left_to_type(), self._shell):
            output.complain(f"envdoctor: to be typed in this shell: {command}")
        if Verdict.HERE_LEFT in verdicts:
            line = TAKEN_IN[self._shell].format("envdoctor fix --session")
            output.complain(f"envdoctor: this shell still has what it had; type: {line}")
        if self._written:
            output.complain("envdoctor: `envdoctor fix --undo` takes back what was written into files")
        for line in self._undone_by_hand():
            output.complain(f"envdoctor: {line}")
        if self._refused or Verdict.UNCHANGED in verdicts or new_in(self._last, self._first):
            return ExitCode.PROBLEMS
        open_ended = {Verdict.UNKNOWN, Verdict.ENTER_LEFT} & verdicts
        return ExitCode.INCOMPLETE if open_ended else ExitCode.HEALTHY


def _meant(codes: Sequence[str], prepared: Prepared) -> frozenset[str]:
    """The codes of the checks that these words mean. Raises UsageProblem, with the nearest word."""
    checks = Registry.load(third_party=not prepared.choices.no_plugins).checks
    try:
        return frozenset(check.code for check in select(checks, tuple(codes), ()))
    except SelectionError as error:
        raise output.UsageProblem(str(error)) from error


def _are_same(one: Item, other: Item) -> bool:
    """Whether two items, of two plans, are one fix. Several findings of a check may be about the same file."""
    return one.code == other.code and (says_same(one.finding, other.finding) or one.actions == other.actions)


def _watched(watch: Callable[[str], object], run: Run) -> None:
    watch(" ".join(run.argv))
