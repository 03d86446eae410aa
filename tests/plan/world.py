"""Reports of given fixes, and a small world in which fixes are carried out to see what is left of each."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from envdoctor import Finding, Fix, Manual, Run, Safety, Scope, Severity
from envdoctor.engine.check import Check
from envdoctor.engine.fact import Fact
from envdoctor.engine.finding import Outcome
from envdoctor.engine.fix import (
    Activate,
    AnyAction,
    CopyVariable,
    Deactivate,
    EditFile,
    PrependPath,
    RemoveFromPath,
    SetFromOutput,
    SetVariable,
    UnsetVariable,
)
from envdoctor.engine.judge import Result
from envdoctor.engine.reference import Facts
from envdoctor.plan.plan import Plan, plan_of
from envdoctor.report.report import Report
from tests.builders import make_examined

GOLDEN = Path(__file__).parent.parent / "golden" / "sick_fixes.json"
CWD = "/home/ada/p"
BEFORE = frozenset({"the first", "elements"})
"""What a list holds before anything is done."""
STRUCTS = (
    SetVariable
    | CopyVariable
    | SetFromOutput
    | UnsetVariable
    | PrependPath
    | RemoveFromPath
    | Activate
    | Deactivate
    | EditFile
    | Manual
)


def result(
    code: str,
    *fixes: Fix,
    severity: Severity = Severity.ERROR,
    moots: tuple[str, ...] = (),
    stops: tuple[tuple[str, ...], ...] = (),
) -> Result:
    """A check of this code that has found something for each fix."""

    def sick() -> Iterator[Finding]:
        yield from ()

    check = Check(sick, code, severity, "1", (), moots)
    findings = tuple(Finding(f"{code} is wrong", fix, stops=stops) for fix in fixes)
    return Result(check, Outcome.FOUND, findings=findings)


def planned(*known: Result | Fact) -> Plan:
    """The plan for these results, in the order of the codes, with these facts."""
    results = [each for each in known if isinstance(each, Result)]
    facts = [make_examined(cwd=CWD), *(each for each in known if isinstance(each, Fact))]
    ordered = tuple(sorted(results, key=lambda each: each.check.code))
    return plan_of(Report("2026-01-02T03:04:05Z", ordered, Facts({type(fact): fact for fact in facts})))


def steps(plan: Plan) -> list[tuple[str, tuple[AnyAction, ...]]]:
    """Code and steps of every item that is applied, in order."""
    return [(item.code, item.actions) for item in plan.items if item.held_back is None]


def held(plan: Plan) -> dict[str, str]:
    """Why items are held back, by code."""
    return {item.code: item.held_back for item in plan.items if item.held_back is not None}


@cache
def sick_fixes() -> tuple[tuple[str, Fix], ...]:
    """The fixes that the checks' own tests have shown, each with the code of its check."""
    return tuple((row["code"], _fix(row)) for row in json.loads(GOLDEN.read_text(encoding="utf-8")))


def _fix(row: dict[str, Any]) -> Fix:
    actions = (action_from(action) for action in row["actions"])
    return Fix(row["summary"], *actions, safety=Safety(row["safety"]), scope=Scope(row["scope"]))


def action_from(row: dict[str, Any]) -> AnyAction:
    """A step as JSON reports have it."""
    if row["kind"] == "run":
        return Run(*row["argv"], variables=tuple(map(tuple, row["variables"])), directory=row["directory"])
    action: AnyAction = msgspec.convert(row, STRUCTS)
    return action


class World:
    """Variables, lists and environments, in which steps are carried out one after the other."""

    def __init__(self) -> None:
        self.variables: dict[str, str] = {}
        self.copies: dict[str, str] = {}
        self.put: set[str] = set()
        self.made: list[str] = []
        self.faults: list[str] = []

    def does(self, actions: Iterable[AnyAction]) -> None:
        for action in actions:
            self._do(action)

    def _do(self, action: AnyAction) -> None:
        match action:
            case SetVariable(name, value):
                self.variables[name] = value
            case CopyVariable(name, source):
                self.variables[name] = self.variables.get(source, f"the first {source}")
                self.copies[name] = source
            case SetFromOutput(name, argv):
                self.variables[name] = " ".join(argv)
            case UnsetVariable(name):
                self.variables[name] = ""
            case PrependPath(directory, variable):
                self.variables[variable] = ":".join([directory, *self._elements(variable)])
                self.put.add(directory)
            case RemoveFromPath(directory, variable):
                self.variables[variable] = ":".join(each for each in self._elements(variable) if each != directory)
            case Activate(environment):
                self.variables["VIRTUAL_ENV"] = posixpath.normpath(posixpath.join(CWD, environment))
            case Deactivate():
                self.variables["VIRTUAL_ENV"] = ""
            case Run():
                self._run(action)
            case _:
                pass

    def _elements(self, variable: str) -> list[str]:
        return elements(self.variables.get(variable, ":".join(sorted(BEFORE))))

    def _run(self, run: Run) -> None:
        """What makes an environment fails where one is already, unless it is to be cleared."""
        words = list(run.argv)
        if words[:2] == ["uv", "venv"] or words[1:3] == ["-m", "venv"]:
            place = ".venv" if words[-1].startswith("-") else words[-1]
            root = posixpath.join(CWD, place)
            if root in self.made and "--clear" not in words:
                self.faults.append(f"{root} is there already")
            self.made.append(root)
        if words[:1] == ["rm"]:
            self.made = [root for root in self.made if root not in words]


def elements(value: str) -> list[str]:
    """The elements of a list; none of an empty one."""
    return value.split(":") if value else []
