"""How is what conda would do said to a user who has only mamba or micromamba?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from envdoctor.engine.fact import Known
from envdoctor.engine.finding import Finding
from envdoctor.engine.fix import Activate, AnyAction, Deactivate, Fix, Manager, Manual, Run
from envdoctor.engine.judge import Result
from envdoctor.engine.reference import FactType
from envdoctor.facts.conda.client import CondaClient
from envdoctor.text.patterns import pattern

# what tells the reader to type it, or what it does; "a conda environment" is one of all three
TYPED = pattern(r"(?<=`)conda(?= )|(?<=\b[Ll]et )conda\b")
# mamba and micromamba 2 have the commands of conda, but for these
OTHERWISE = {("config", "--set"): ("config", "set"), ("env", "update"): ("update",)}


def spoken(results: Iterable[Result], known: Mapping[FactType, Known]) -> tuple[Result, ...]:
    """These results, with the program that is there in place of conda."""
    client = known.get(CondaClient)
    if not isinstance(client, CondaClient):
        return tuple(results)
    return tuple(_result(result, client.name) for result in results)


def _result(result: Result, name: str) -> Result:
    findings = tuple(_spoken(finding, name) for finding in result.findings)
    return msgspec.structs.replace(result, findings=findings) if findings != result.findings else result


def _spoken(finding: Finding, name: str) -> Finding:
    fix = finding.fix
    actions, undo = (tuple(_step(action, name) for action in steps) for steps in (fix.actions, fix.undo))
    if actions == fix.actions:
        return finding
    changed = Fix(TYPED.sub(name, fix.summary), *actions, safety=fix.safety, scope=fix.scope, undo=undo)
    return msgspec.structs.replace(finding, message=TYPED.sub(name, finding.message), fix=changed)


def _step(action: AnyAction, name: str) -> AnyAction:
    match action:
        case Run(argv=("conda", *words)):
            first = tuple(words[:2])
            rest = (*OTHERWISE[first], *words[2:]) if first in OTHERWISE else words
            return Run(name, *rest, variables=action.variables, directory=action.directory)
        case Activate(environment, Manager.CONDA):
            return Run(name, "activate", environment)
        case Deactivate(Manager.CONDA):
            return Run(name, "deactivate")
        case Manual(text):
            return Manual(TYPED.sub(name, text))
        case _:
            return action
