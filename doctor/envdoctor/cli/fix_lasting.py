"""The options of `envdoctor fix` that write: which of them go together, and what each leads to."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from typing import Any, TypeVar

import click
import msgspec

from envdoctor.cli.examine import Prepared
from envdoctor.cli.output import UsageProblem
from envdoctor.system.session import DEFAULT_TIMEOUT

F = TypeVar("F", bound=Callable[..., Any])


class Wish(msgspec.Struct, frozen=True):
    """What was asked for.

    Attributes:
        apply: whether to carry out fixes.
        undo: whether to take back what was written.
        dry_run: whether it is only shown what would be done.
        yes: whether to ask nothing.
    """

    apply: bool
    undo: bool
    dry_run: bool
    yes: bool

    def __bool__(self) -> bool:
        """Whether anything of this was asked for."""
        return self.apply or self.undo or self.dry_run or self.yes

    def fulfilled(self, prepare: Callable[[], Prepared], codes: Sequence[str], *, alone: bool) -> int:
        """Do it; `alone` says that nothing else was asked for. Returns the exit status; raises UsageProblem."""
        if not alone:
            raise UsageProblem(
                "--apply and --undo change this machine, now: they go with no option about what is printed"
            )
        if self.apply == self.undo:
            raise UsageProblem("say what is to be done: --apply or --undo")
        if self.undo:
            from envdoctor.cli.fix_undo import take_back
            from envdoctor.cli.session import open_session

            return take_back(open_session(DEFAULT_TIMEOUT), codes, dry_run=self.dry_run)
        from envdoctor.cli.fix_apply import apply

        return apply(prepare, codes, yes=self.yes, dry_run=self.dry_run)


def options(command: F) -> F:
    """The options themselves."""
    for name, text in (
        ("--yes/-y", "With --apply: ask only before something is removed."),
        ("--dry-run", "With --apply or --undo: show what would be done, and change nothing."),
        ("--undo", "Take back what --apply has written into files, for all checks or the CODEs."),
        ("--apply", "Carry out the fixes that last, with a question before each."),
    ):
        command = click.option(*name.split("/"), is_flag=True, help=text)(command)
    return command


def taken(chosen: MutableMapping[str, Any]) -> Wish:
    """What was asked for, taken out of all options by their names."""
    return Wish(**{name: chosen.pop(name) for name in Wish.__struct_fields__})
