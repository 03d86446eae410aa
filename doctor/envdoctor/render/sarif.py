"""The report as SARIF 2.1.0, as GitHub's code scanning takes it.

GitHub wants a physical location with a region for each result, texts that are not empty, and `partialFingerprints`; of
a message it always shows the first sentence. A command is no fix to SARIF: the fix stands in the message.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from envdoctor import __version__
from envdoctor.engine.check import Check
from envdoctor.engine.finding import Finding, Severity
from envdoctor.engine.judge import Result
from envdoctor.render import wording
from envdoctor.report.places import Base, Place, fingerprint_of, place_of
from envdoctor.report.report import Accepted, Report
from envdoctor.shells.dialects import Shell
from envdoctor.text.json_text import json_text

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
LONGEST = 1024
"""Characters of a description that GitHub keeps."""
LEAKS = {"MIR007": "7.0"}
"""Checks that find what an attacker could use, with the score by which GitHub sorts its security alerts."""


def render(report: Report, shell: Shell, base: Base) -> str:
    """One run of envdoctor, with a rule for every check that was selected."""
    rules = [_rule(result.check) for result in report.results]
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    run = {
        "tool": {"driver": {"name": "envdoctor", "semanticVersion": __version__, "rules": rules}},
        "automationDetails": {"id": "envdoctor/"},
        "invocations": [
            {
                "executionSuccessful": not wording.unexamined(report),
                "exitCode": report.exit_code.value,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": text}} for text in wording.unexamined(report)
                ],
            }
        ],
        "results": [
            *(_result(result, finding, numbers[result.check.code], shell, base) for result, finding in report.findings),
            *(_accepted(each, numbers[each.result.check.code], shell, base) for each in report.accepted),
        ],
        "columnKind": "unicodeCodePoints",
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json_text(document)


def _rule(check: Check[Any]) -> dict[str, Any]:
    properties = {"tags": [check.family], "precision": "very-high", "problem.severity": PROBLEMS[check.severity]}
    if check.code in LEAKS:
        properties["security-severity"] = LEAKS[check.code]
    return {
        "id": check.code,
        "name": check.slug,
        "shortDescription": {"text": check.title[:LONGEST]},
        "fullDescription": {"text": check.title[:LONGEST]},
        "help": {"text": check.manual, "markdown": check.manual},
        "defaultConfiguration": {"level": LEVELS[check.severity]},
        "properties": properties,
    }


def _result(result: Result, finding: Finding, number: int, shell: Shell, base: Base) -> dict[str, Any]:
    text = "\n".join((f"{finding.message}.", *wording.proof(finding), wording.advice(finding, shell)))
    location = _physical(place_of(finding, base))
    if finding.where:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.where}]
    return {
        "ruleId": result.check.code,
        "ruleIndex": number,
        "level": LEVELS[result.severity_of(finding)],
        "message": {"text": text},
        "locations": [location],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint_of(result, finding, base)},
    }


def _accepted(accepted: Accepted, number: int, shell: Shell, base: Base) -> dict[str, Any]:
    suppression = {"kind": "external", "status": "accepted", "justification": accepted.reason}
    return {**_result(accepted.result, accepted.finding, number, shell, base), "suppressions": [suppression]}


def _physical(place: Place) -> dict[str, Any]:
    region = {"startLine": place.line, "startColumn": 1, "endLine": place.line, "endColumn": 2}
    uri = quote(place.file, errors="surrogateescape")
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}
