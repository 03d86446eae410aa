"""How does a report lose its secrets before anybody sees it?

Once, on the report itself: every string of every fact and finding goes through one `Masker`. The renderers get what is
left, so that no format can forget. What remains still judges the same: a replay of a redacted report finds what was
found, because masking changes neither a scheme, nor a host, nor a path, and equal secrets stay equal.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from envdoctor.engine.finding import Finding
from envdoctor.engine.fix import (
    AnyAction,
    Fix,
    Manual,
    Run,
)
from envdoctor.engine.judge import Result
from envdoctor.engine.reference import Facts, FactType
from envdoctor.report.report import Accepted, Redaction, Report
from envdoctor.text.secrets import Masker, holds_masked, may_hold_secrets

T = TypeVar("T")


def redact(report: Report) -> Report:
    """The report with every secret masked, and the counts of what was."""
    masker = Masker()
    known = Facts({fact: _whole(value, masker) for fact, value in sorted(report.known.items(), key=_name)})
    results = tuple(_result(result, masker) for result in report.results)
    broken = _masked(report.broken_plugins, masker)
    accepted = tuple(
        Accepted(_result(each.result, masker), _finding(each.finding, masker), masker.mask(each.reason))
        for each in report.accepted
    )
    redactions = tuple(Redaction(rule, count) for rule, count in masker.counts().items())
    return msgspec.structs.replace(
        report, known=known, results=results, broken_plugins=broken, redactions=redactions, accepted=accepted
    )


def redact_fact(fact: T) -> T:
    """One fact with every secret masked, where it is shown without a report."""
    return _masked(fact, Masker())


def _whole(fact: T, masker: Masker) -> T:
    """A fact with its strings masked. One look at all of them together spares most facts the rest."""
    try:
        quiet = not may_hold_secrets(msgspec.json.encode(fact).decode())
    except UnicodeEncodeError:  # a file name that is no text
        quiet = False
    return fact if quiet else _masked(fact, masker)


def _name(item: tuple[FactType, object]) -> str:
    return item[0].__name__


def _result(result: Result, masker: Masker) -> Result:
    findings = tuple(_finding(finding, masker) for finding in result.findings)
    return msgspec.structs.replace(result, reason=_masked(result.reason, masker), findings=findings)


def _finding(finding: Finding, masker: Masker) -> Finding:
    return msgspec.structs.replace(
        finding,
        message=masker.mask(finding.message),
        where=_masked(finding.where, masker),
        evidence=_masked(finding.evidence, masker),
        fix=_fix(finding.fix, masker),
    )


def _fix(fix: Fix, masker: Masker) -> Fix:
    summary = masker.mask(fix.summary)
    actions, undo = (tuple(_action(step, masker) for step in steps) for steps in (fix.actions, fix.undo))
    return Fix(summary, *actions, safety=fix.safety, scope=fix.scope, undo=undo)


def _action(action: AnyAction, masker: Masker) -> AnyAction:
    """A step without its secrets. A command that has lost one must not be run, so it becomes something to read."""
    from envdoctor.shells.dialects import Shell, commands

    if isinstance(action, Run):
        variables = _masked(action.variables, masker)
        argv = _masked(action.argv, masker)
        masked: AnyAction = Run(*argv, variables=variables, directory=_masked(action.directory, masker))
    else:
        masked = _masked(action, masker)
    if isinstance(masked, Manual):
        return masked
    [command] = commands((masked,), Shell.BASH)
    return Manual(f"Fill in what is masked here, then run: {command}") if holds_masked(command) else masked


def _masked(value: T, masker: Masker) -> T:
    """A value with its strings masked; the same object if there was nothing to mask."""
    masked: object = value
    if isinstance(value, str):
        masked = masker.mask(value)
    elif isinstance(value, tuple):
        items = tuple(_masked(item, masker) for item in value)
        masked = value if all(map(_same, items, value)) else items
    elif isinstance(value, msgspec.Struct):
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        changed = {name: new for name, old in fields.items() if (new := _masked(old, masker)) is not old}
        masked = msgspec.structs.replace(value, **changed) if changed else value
    return masked  # type: ignore[return-value]  # it has the type of what it was made from


def _same(one: object, other: object) -> bool:
    return one is other
