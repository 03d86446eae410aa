"""What a fix copies or moves aside gets a name that is free: no older copy is lost, whatever it is called."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from envdoctor.engine.finding import Finding
from envdoctor.engine.fix import AnyAction, Fix, Run
from envdoctor.engine.judge import Result
from envdoctor.facts.session.chosen_names import ChosenName, ChosenNames
from envdoctor.system.silent_mounts import Unanswered

NEVER_OVERWRITES = "-n"
"""The option by which `mv` and `cp` say that what has the new name already stays."""


def chosen(results: Iterable[Result]) -> ChosenNames:
    """The names for what is taken on this machine."""
    planned = {name for each in _fixes(results) for step in each.actions for name in _given(step)}
    return ChosenNames(tuple(ChosenName(name, _free(name)) for name in sorted(planned) if _is_taken(name)))


def with_free_names(results: Iterable[Result], names: ChosenNames) -> tuple[Result, ...]:
    """These results, with the chosen names in the steps and in what takes them back."""
    instead = {name.planned: name.chosen for name in names.names if name.is_numbered}
    return tuple(_result(result, instead) for result in results) if instead else tuple(results)


def _fixes(results: Iterable[Result]) -> Iterator[Fix]:
    yield from (finding.fix for result in results for finding in result.findings)


def _given(step: AnyAction) -> Iterator[str]:
    """The name that a step makes up: the last word of `mv -n` and `cp -n`."""
    if isinstance(step, Run) and step.argv[0] in ("mv", "cp") and NEVER_OVERWRITES in step.argv:
        yield step.argv[-1]


def _free(name: str) -> str:
    return next(free for number in itertools.count(2) if not _is_taken(free := f"{name}.{number}"))


def _is_taken(name: str) -> bool:
    try:
        return os.path.isabs(name) and os.path.lexists(name)
    except (Unanswered, ValueError):
        return False


def _result(result: Result, instead: Mapping[str, str]) -> Result:
    return msgspec.structs.replace(result, findings=tuple(_finding(finding, instead) for finding in result.findings))


def _finding(finding: Finding, instead: Mapping[str, str]) -> Finding:
    fix = finding.fix
    if instead.keys().isdisjoint(name for step in fix.actions for name in _given(step)):
        return finding
    actions, undo = (tuple(_step(step, instead) for step in steps) for steps in (fix.actions, fix.undo))
    made = Fix(fix.summary, *actions, safety=fix.safety, scope=fix.scope, undo=undo)
    return msgspec.structs.replace(finding, fix=made)


def _step(step: AnyAction, instead: Mapping[str, str]) -> AnyAction:
    if not isinstance(step, Run):
        return step
    argv = tuple(instead.get(word, word) for word in step.argv)
    return Run(*argv, variables=step.variables, directory=step.directory)
