"""The report as JSON, schema 1. The shape below is the contract; docs/json.md explains it."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from envdoctor import __version__
from envdoctor.engine.fact import Fact
from envdoctor.engine.finding import Evidence, Finding
from envdoctor.engine.fix import AnyAction, Fix, Run
from envdoctor.engine.judge import Result
from envdoctor.plan.plan import Item, Plan, plan_of
from envdoctor.report.recording import SCHEMA, to_document
from envdoctor.report.report import Recorded, Redaction, Report
from envdoctor.shells.dialects import Shell, commands
from envdoctor.text.json_text import json_text


class Tool(msgspec.Struct):
    """Which program wrote the report."""

    name: str
    version: str


class StepsDocument(msgspec.Struct):
    """Steps of a fix: `actions` are the steps as data, `commands` the same as lines to paste, by shell."""

    actions: list[dict[str, Any]]
    commands: dict[str, list[str]]


class FixDocument(msgspec.Struct):
    """A fix: its steps as data and as lines to paste, and those that take it back, if any."""

    summary: str
    safety: str
    scope: str
    undo: StepsDocument | None
    actions: list[dict[str, Any]]
    commands: dict[str, list[str]]


class FindingDocument(msgspec.Struct):
    """A finding; its severity is the check's unless the evidence asked for another."""

    message: str
    severity: str
    where: str | None
    evidence: list[Evidence]
    fix: FixDocument


class ResultDocument(msgspec.Struct):
    """How one check ended: `outcome` is ok, found, skipped or crashed; `reason` says why for the last two."""

    code: str
    slug: str
    family: str
    severity: str
    outcome: str
    reason: str | None
    seconds: float
    findings: list[FindingDocument]


class AcceptedDocument(msgspec.Struct):
    """A finding that the project accepts, and why; it is not among the findings of its result."""

    code: str
    reason: str
    finding: FindingDocument


class ItemDocument(msgspec.Struct):
    """A finding in its place in the plan: the `finding`-th of the result with this code, counted from 0.

    `actions` and `commands` are the steps that are left to do then; `held_back` says why it is not applied.
    """

    code: str
    finding: int
    then_gone: list[str]
    examine_again: bool
    held_back: str | None
    actions: list[dict[str, Any]]
    commands: dict[str, list[str]]


class PlanDocument(msgspec.Struct):
    """What `envdoctor fix --format json` prints."""

    schema: int
    tool: Tool
    recorded: Recorded | None
    plan: list[ItemDocument]


class Document(msgspec.Struct):
    """The whole report. `recorded` is not null in a replay: facts and fixes are those of another time and machine.

    `shared` says that what is personal is masked: in the facts `/masked-home-1-…` is the home directory.

    `facts` holds every fact that was established, `missing` why the others are not there.
    """

    schema: int
    tool: Tool
    created: str
    recorded: Recorded | None
    shared: bool
    exit_code: int
    verdict: str
    fail_on: str
    session: dict[str, Any] | None
    results: list[ResultDocument]
    plan: list[ItemDocument]
    accepted: list[AcceptedDocument]
    notes: list[str]
    broken_plugins: list[str]
    facts: dict[str, Any]
    missing: dict[str, Any]
    redactions: list[Redaction]


def render(report: Report) -> str:
    """The report as one indented JSON document with a final line end."""
    facts, missing = to_document(report.known)
    document = Document(
        schema=SCHEMA,
        tool=Tool("envdoctor", __version__),
        created=report.created,
        recorded=report.recorded,
        shared=report.shared,
        exit_code=report.exit_code,
        verdict=report.verdict,
        fail_on=report.fail_on.value,
        session=facts.get("Examined"),
        results=[_result(result) for result in report.results],
        plan=[_item(item) for item in plan_of(report).items],
        accepted=[
            AcceptedDocument(each.result.check.code, each.reason, _finding(each.result, each.finding))
            for each in report.accepted
        ],
        notes=[*report.unused, *report.notes],
        broken_plugins=list(report.broken_plugins),
        facts=facts,
        missing=missing,
        redactions=list(report.redactions),
    )
    return json_text(msgspec.to_builtins(document))


def render_plan(report: Report, plan: Plan) -> str:
    """A plan for this report as one indented JSON document with a final line end."""
    items = [_item(item) for item in plan.items]
    return json_text(msgspec.to_builtins(PlanDocument(SCHEMA, Tool("envdoctor", __version__), report.recorded, items)))


def schema(facts: tuple[type[Fact], ...]) -> str:
    """A JSON Schema (2020-12) of the report, with every fact that these types describe."""
    (document, *_), components = msgspec.json.schema_components((Document, *facts), ref_template="#/$defs/{name}")
    known = {kind.__name__: {"$ref": f"#/$defs/{kind.__name__}"} for kind in facts}
    components["Document"]["properties"]["facts"] = {"type": "object", "properties": known}
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **document, "$defs": components}
    return json.dumps(whole, indent=1, sort_keys=True) + "\n"


def _result(result: Result) -> ResultDocument:
    check = result.check
    return ResultDocument(
        code=check.code,
        slug=check.slug,
        family=check.family,
        severity=check.severity.value,
        outcome=result.outcome.value,
        reason=result.reason,
        seconds=round(result.seconds, 6),
        findings=[_finding(result, finding) for finding in result.findings],
    )


def _item(item: Item) -> ItemDocument:
    steps = _steps(item.actions)
    return ItemDocument(
        code=item.code,
        finding=next(place for place, one in enumerate(item.result.findings) if one is item.finding),
        then_gone=list(item.then_gone),
        examine_again=item.examine_again,
        held_back=item.held_back,
        actions=steps.actions,
        commands=steps.commands,
    )


def _finding(result: Result, finding: Finding) -> FindingDocument:
    severity = result.severity_of(finding).value
    return FindingDocument(finding.message, severity, finding.where, list(finding.evidence), fix_document(finding.fix))


def fix_document(fix: Fix) -> FixDocument:
    """A fix as the report has it."""
    steps = _steps(fix.actions)
    return FixDocument(
        summary=fix.summary,
        safety=fix.safety.value,
        scope=fix.scope.value,
        undo=_steps(fix.undo) if fix.undo else None,
        actions=steps.actions,
        commands=steps.commands,
    )


def _steps(actions: tuple[AnyAction, ...]) -> StepsDocument:
    lines = {shell.value: list(commands(actions, shell)) for shell in Shell}
    return StepsDocument([_action(action) for action in actions], lines)


def _action(action: AnyAction) -> dict[str, Any]:
    if isinstance(action, Run):
        variables = [list(pair) for pair in action.variables]
        return {"kind": "run", "argv": list(action.argv), "variables": variables, "directory": action.directory}
    fields: dict[str, Any] = msgspec.to_builtins(action)
    return fields
