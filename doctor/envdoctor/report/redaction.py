"""How does a report lose its secrets before anybody sees it?

Once, on the report itself: every string of every fact and finding goes through the same masks. The renderers get what
is left, so that no format can forget. What remains still judges the same: a replay of a redacted report finds what was
found, because equal secrets stay equal, and a pseudonym is read as what it stands for. `sharing` masks what is
personal in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from envdoctor.engine.finding import Evidence, Finding
from envdoctor.engine.fix import (
    AnyAction,
    Fix,
    Manual,
    Run,
)
from envdoctor.engine.judge import Result
from envdoctor.engine.reference import Facts
from envdoctor.report.report import Accepted, Redaction, Report
from envdoctor.text.secrets import Masker, holds_masked, may_hold_secrets

T = TypeVar("T")
Change = Callable[[str], str]

MASKED = "Fill in what is masked here, then run: "
"""How a step begins that has lost a secret."""


class Masks:
    """What is done to the strings of a report: here secrets are masked, and nothing else."""

    def __init__(self) -> None:
        self.secrets = Masker()

    def fact(self, text: str) -> str:
        """A string of a fact or of a step, from which a replay judges."""
        return self.secrets.mask(text)

    def sentence(self, text: str) -> str:
        """A string that is only read."""
        return self.fact(text)

    def is_quiet(self, fact: object) -> bool:
        """Whether nothing in a fact needs a mask. One look at all of it together spares most facts the rest."""
        try:
            return not may_hold_secrets(msgspec.json.encode(fact).decode())
        except UnicodeEncodeError:  # a file name that is no text
            return False

    def breaks(self, command: str) -> bool:
        """Whether something that a command needs has been masked."""
        return holds_masked(command)

    def counts(self) -> dict[str, int]:
        """How many different things are masked, by rule."""
        return self.secrets.counts()


def redact(report: Report, masks: Masks | None = None) -> Report:
    """The report with everything masked that these masks are for, and the counts of what was."""
    masks = masks or Masks()
    known = Facts(
        {
            kind: fact if masks.is_quiet(fact) else changed(fact, masks.fact)
            for kind, fact in sorted(report.known.items(), key=lambda item: item[0].__name__)
        }
    )
    results = tuple(_result(result, masks) for result in report.results)
    accepted = tuple(
        Accepted(_result(each.result, masks), _finding(each.finding, masks), masks.sentence(each.reason))
        for each in report.accepted
    )
    broken, unused, notes = (
        changed(texts, masks.sentence) for texts in (report.broken_plugins, report.unused, report.notes)
    )
    redactions = tuple(Redaction(rule, count) for rule, count in masks.counts().items())
    return msgspec.structs.replace(
        report,
        known=known,
        results=results,
        broken_plugins=broken,
        redactions=redactions,
        accepted=accepted,
        unused=unused,
        notes=notes,
    )


def redact_fact(fact: T) -> T:
    """One fact with every secret masked, where it is shown without a report."""
    return changed(fact, Masks().fact)


def _result(result: Result, masks: Masks) -> Result:
    findings = tuple(_finding(finding, masks) for finding in result.findings)
    return msgspec.structs.replace(result, reason=changed(result.reason, masks.sentence), findings=findings)


def _finding(finding: Finding, masks: Masks) -> Finding:
    return msgspec.structs.replace(
        finding,
        message=masks.sentence(finding.message),
        where=changed(finding.where, masks.sentence),
        evidence=tuple(
            Evidence(masks.sentence(evidence.text), masks.sentence(evidence.origin)) for evidence in finding.evidence
        ),
        fix=_fix(finding.fix, masks),
    )


def _fix(fix: Fix, masks: Masks) -> Fix:
    summary = masks.sentence(fix.summary)
    actions, undo = (tuple(_action(step, masks) for step in steps) for steps in (fix.actions, fix.undo))
    return Fix(summary, *actions, safety=fix.safety, scope=fix.scope, undo=undo)


def _action(action: AnyAction, masks: Masks) -> AnyAction:
    """A step with its masks. A command that has lost what it needs must not be run, so it becomes something to read."""
    from envdoctor.shells.dialects import Shell, commands

    if isinstance(action, Manual):
        return changed(action, masks.sentence)
    if isinstance(action, Run):
        variables = changed(action.variables, masks.fact)
        argv = changed(action.argv, masks.fact)
        masked: AnyAction = Run(*argv, variables=variables, directory=changed(action.directory, masks.fact))
    else:
        masked = changed(action, masks.fact)
    [command] = commands((masked,), Shell.BASH)
    return Manual(f"{MASKED}{command}") if masks.breaks(command) else masked


def changed(value: T, change: Change) -> T:
    """A value with all its strings changed; the same object if none was."""
    new: object = value
    if isinstance(value, str):
        new = change(value)
    elif isinstance(value, tuple | list):
        items = tuple(changed(item, change) for item in value)
        new = value if all(map(_same, items, value)) else type(value)(items)
    elif isinstance(value, dict):
        pairs = {changed(key, change): _behind(key, item, change) for key, item in value.items()}
        new = value if pairs == value else pairs
    elif isinstance(value, msgspec.Struct):
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        replaced = {name: item for name, old in fields.items() if (item := changed(old, change)) is not old}
        new = msgspec.structs.replace(value, **replaced) if replaced else value
    return new  # type: ignore[return-value]  # it has the type of what it was made from


def _behind(name: object, value: object, change: Change) -> object:
    """A changed value; its name may tell that it is a secret."""
    if not isinstance(value, str) or not isinstance(name, str):
        return changed(value, change)
    before, told, after = change(f"{name}={value}").partition(f"{change(name)}=")
    return after if told and not before else change(value)


def _same(one: object, other: object) -> bool:
    return one is other
