"""May the steps of a fix be pasted, or would they run the programs of an environment that a repository brings along?"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

import msgspec

from envdoctor.engine.fact import Known
from envdoctor.engine.finding import Finding
from envdoctor.engine.fix import Activate, AnyAction, Fix, Manual, Run
from envdoctor.engine.judge import Result
from envdoctor.engine.reference import FactType
from envdoctor.facts.project.brought import BroughtEnvironments

# What takes an environment away, or makes it afresh, without starting what is in it.
HARMLESS = frozenset({"rm", "mv", "git", "chmod", "chown", "mkdir", "cp", "ln"})
MAKERS = (("uv", "venv"), ("python3", "-m", "venv"), ("python", "-m", "venv"), ("virtualenv",))


def guarded(results: Iterable[Result], known: Mapping[FactType, Known]) -> tuple[Result, ...]:
    """These results, each fix that would run such programs replaced by words."""
    brought = known.get(BroughtEnvironments)
    if not isinstance(brought, BroughtEnvironments):
        return tuple(results)
    return tuple(_result(result, brought.roots) for result in results)


def _result(result: Result, roots: tuple[str, ...]) -> Result:
    findings = tuple(_finding(finding, roots) for finding in result.findings)
    return msgspec.structs.replace(result, findings=findings) if findings != result.findings else result


def _finding(finding: Finding, roots: tuple[str, ...]) -> Finding:
    root = next((root for root in roots for action in finding.fix.actions if runs(action, root)), None)
    if root is None:
        return finding
    fix = finding.fix
    text = (
        f"{root} came with the repository: git keeps it. Remove it, and make an environment of your own before you "
        "run anything in it"
    )
    return msgspec.structs.replace(finding, fix=Fix(fix.summary, Manual(text), safety=fix.safety, scope=fix.scope))


def runs(action: AnyAction, root: str) -> bool:
    """Whether a step starts something of an environment, or hands it to a tool that does."""
    match action:
        case Activate():
            return _is_in(action.environment, root)
        case Run():
            program = os.path.basename(action.argv[0])
            if program in HARMLESS or any(action.argv[: len(maker)] == maker for maker in MAKERS):
                return False
            named = (*action.argv, *(value for _, value in action.variables))
            return any(_is_in(part, root) for word in named for part in (word, word.partition("=")[2]))
        case _:
            return False


def _is_in(path: str, root: str) -> bool:
    return path == root or path.startswith(f"{root}/")
