"""The report as annotations of GitHub Actions: workflow commands, which the runner takes from stdout.

Escapes and properties: actions/runner, ActionCommand.cs. A step shows ten annotations of a kind.
"""

from __future__ import annotations

from envdoctor.engine.finding import Finding, Severity
from envdoctor.engine.judge import Result
from envdoctor.render import wording
from envdoctor.report.places import Base, place_of
from envdoctor.report.report import Report
from envdoctor.shells.dialects import Shell
from envdoctor.text.visible import visible
from envdoctor.text.workflow_commands import without_commands

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
MOST = 10


def render(report: Report, shell: Shell, base: Base) -> str:
    """The annotations, errors first, and a last line for the log."""
    lines: list[str] = []
    for severity, command in COMMANDS.items():
        found = [(r, finding) for r, finding in report.findings if r.severity_of(finding) is severity]
        shown = found if len(found) <= MOST else found[: MOST - 1]
        lines += [_annotation(command, result, finding, shell, base) for result, finding in shown]
        if more := len(found) - len(shown):
            lines.append(_command(command, {"title": "envdoctor"}, f"{more} more, see the whole report"))
    unknown = wording.unexamined(report)
    if unknown:
        lines.append(_command("warning", {"title": "envdoctor could not examine everything"}, "\n".join(unknown)))
    counts = wording.counted(report) or "nothing found"
    lines.append(f"envdoctor: {report.verdict}, {counts}, exit {report.exit_code.value}")
    return "".join(f"{line}\n" for line in lines)


def _annotation(command: str, result: Result, finding: Finding, shell: Shell, base: Base) -> str:
    place = place_of(finding, base)
    properties = {"title": wording.title(result.check)}
    if place.exact:
        properties = {"file": place.file, "line": str(place.line), **properties}
    text = "\n".join((finding.message, *wording.proof(finding), wording.advice(finding, shell)))
    return _command(command, properties, text)


def _command(name: str, properties: dict[str, str], text: str) -> str:
    told = ",".join(f"{key}={_escaped(value, ':', ',')}" for key, value in properties.items())
    return f"::{name} {told}::{without_commands(_escaped(text))}"


def _escaped(text: str, *more: str) -> str:
    """The text as data of a command; a property escapes more."""
    for character in ("%", "\r", "\n", *more):
        text = text.replace(character, f"%{ord(character):02X}")
    return "".join(piece if piece.isprintable() else visible(piece) for piece in text)
