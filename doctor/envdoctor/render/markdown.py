"""The report as Markdown: for the summary of a CI step, a comment, a page.

Every foreign word stands in code, so that it is neither a link nor a mention nor markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from envdoctor import __version__
from envdoctor.engine.finding import Finding, Outcome, Severity
from envdoctor.engine.judge import Result
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.session.context import Examined
from envdoctor.render import wording
from envdoctor.render.occasion import patient
from envdoctor.report.report import Accepted, Report
from envdoctor.shells.dialects import Shell
from envdoctor.text.patterns import pattern
from envdoctor.text.visible import visible

SIGNS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.INFO: "💡"}
FENCE = pattern("`+")
# neither emphasis nor a list, an address, the number of an issue or of a commit
PLAIN = pattern(r"(?!.*(?://|www\.|GH-|[0-9a-f]{7}))[A-Za-z][A-Za-z0-9 ,.;:'()/-]*+", re.IGNORECASE)


def render(report: Report, shell: Shell) -> str:
    """The verdict, a table of the findings, then each with its proof and its fix."""
    counts = wording.counted(report) or "nothing found"
    lines = [f"## envdoctor: {report.verdict}", "", f"{counts[0].upper()}{counts[1:]}. {session(report)}", ""]
    if report.findings:
        lines += ["| | check | finding |", "|---|---|---|"]
        lines += [_row(result, finding) for result, finding in report.findings]
        lines.append("")
    for result, finding in report.findings:
        lines += section(result, finding, shell, replayed=report.recorded is not None)
    if unknown := wording.unexamined(report):
        lines += ["### Not examined", "", *(f"- {code(text)}" for text in unknown), ""]
    if report.accepted:
        lines += ["### Accepted", ""]
        lines += [accepted(each) for each in report.accepted]
        lines.append("")
    lines += [f"- {code(note)}" for note in (*report.unused, *report.notes)]
    fine = sum(result.outcome is Outcome.OK for result in report.results)
    lines.append(f"{wording.number(fine, 'check')} found nothing wrong · exit {report.exit_code.value}")
    return "".join(f"{line}\n" for line in lines)


def code(text: str) -> str:
    """A text of one line as code, whatever it holds."""
    shown = visible(text)
    longest = max((len(run) for run in FENCE.findall(shown)), default=0)
    if not shown:
        return '`""`'
    if not longest and not (shown.startswith(" ") and shown.endswith(" ")):
        return f"`{shown}`"
    ticks = "`" * (longest + 1)
    return f"{ticks} {shown} {ticks}"


def cell(text: str) -> str:
    """A text as code in a cell of a table."""
    return in_a_cell(code(text))


def in_a_cell(markup: str) -> str:
    """Markup for a cell of a table, which a pipe ends also inside of code."""
    return markup.replace("|", "\\|")


def sentence(text: str) -> str:
    """A sentence of envdoctor's that may hold foreign words: plain only if nothing in it could be markup."""
    return text if PLAIN.fullmatch(text) else code(text)


def session(report: Report) -> str:
    """What was examined, and by which version, in one line."""
    examined, active = report.known.get(Examined), report.known.get(ActivePython)
    told = []
    if recorded := report.recorded:
        told.append(f"Replayed, recorded at {code(recorded.created)} by envdoctor {code(recorded.version)}")
    if isinstance(examined, Examined):
        told.append(f"{sentence(f'A {patient(examined)}')} in {code(examined.cwd or 'a deleted directory')}")
    if isinstance(active, ActivePython):
        told.append(f"Python {active.interpreter.version_text}: {code(active.interpreter.path)}")
    return ". ".join((*told, f"envdoctor {__version__}."))


def accepted(each: Accepted) -> str:
    """What the project accepts, as an item of a list."""
    return f"- {each.result.check.code} {sentence(each.finding.message)}: {code(each.reason)}"


def _row(result: Result, finding: Finding) -> str:
    message = sentence(finding.message)
    return f"| {SIGNS[result.severity_of(finding)]} | {result.check.code} | {in_a_cell(message)} |"


def section(result: Result, finding: Finding, shell: Shell, *, replayed: bool) -> Iterator[str]:
    """One finding with its proof and its fix."""
    yield f"### {wording.title(result.check)}"
    yield ""
    yield sentence(finding.message)
    yield ""
    for evidence in finding.evidence:
        yield f"- {code(evidence.text)} from {code(evidence.origin)}"
    if finding.evidence:
        yield ""
    yield f"**Fix{' for that machine' if replayed else ''}:** {sentence(finding.fix.summary)}"
    yield ""
    commands = "\n".join(wording.steps(finding, shell))
    fence = "`" * max(3, 1 + max((len(run) for run in FENCE.findall(commands)), default=0))
    yield f"{fence}{'' if replayed else 'sh'}"
    yield commands
    yield fence
    yield ""
