"""The verdict and the findings, each with its proof and its fix."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor.engine.finding import Finding, Outcome, Severity
from envdoctor.engine.judge import Result
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.session.context import Examined
from envdoctor.render import wording
from envdoctor.render.changes import changes_of
from envdoctor.render.html.tags import Content, Html, code, joined, lines, prose, tag
from envdoctor.render.occasion import patient
from envdoctor.report.report import Report
from envdoctor.shells.dialects import Shell

SIGNS = {Severity.ERROR: "✗ error", Severity.WARNING: "! warning", Severity.INFO: "i info"}


def summary(report: Report) -> Html:
    """What was examined, and what came of it."""
    counts = wording.counted(report) or "nothing found"
    bad = report.exit_code.value != 0
    verdict = tag("strong", f"{'✗' if bad else '✓'} {report.verdict}: {counts}", class_="bad" if bad else "good")
    fine = sum(result.outcome is Outcome.OK for result in report.results)
    return joined(
        tag("p", verdict),
        *(tag("p", part) for part in _session(report)),
        tag(
            "p",
            f"{wording.number(fine, 'check')} found nothing wrong; exit status {report.exit_code.value}",
            class_="soft",
        ),
    )


def _session(report: Report) -> Iterator[Content]:
    examined, active = report.known.get(Examined), report.known.get(ActivePython)
    if recorded := report.recorded:
        yield f"Replayed, recorded at {recorded.created} by envdoctor {recorded.version}: fixes are for that machine."
    if isinstance(examined, Examined):
        yield [f"A {patient(examined)} in ", code(examined.cwd) if examined.cwd else "a deleted directory"]
    if isinstance(active, ActivePython):
        python = active.interpreter
        yield [
            code(active.command),
            " runs ",
            code(python.path),
            f": Python {python.version_text}, in ",
            code(python.prefix),
        ]


def findings(report: Report, shell: Shell) -> Html:
    """Every finding, the worst first; then what could not be examined, and what is accepted."""
    found = [_finding(result, finding, shell, report) for result, finding in report.findings]
    parts: list[Content] = [tag("h2", "Findings"), *found] if found else []
    for title, texts in (
        ("Not examined", wording.unexamined(report)),
        ("Accepted", [f"{a.result.check.code} {a.finding.message}: {a.reason}" for a in report.accepted]),
        ("Notes", (*report.unused, *report.notes)),
    ):
        if texts:
            parts += [tag("h2", title), tag("ul", *(tag("li", prose(text)) for text in texts))]
    return joined(*parts)


def _finding(result: Result, finding: Finding, shell: Shell, report: Report) -> Html:
    severity = result.severity_of(finding)
    sign = tag("span", SIGNS[severity], class_=f"mark {severity.value}")
    proof = [
        tag("li", prose(evidence.text), tag("span", " from ", class_="soft"), code(evidence.origin))
        for evidence in finding.evidence
    ]
    changes = changes_of(finding.fix)
    intro = "Fix for that machine: " if report.recorded else "Fix: "
    commands = "\n".join(wording.steps(finding, shell))
    return tag(
        "article",
        tag("h3", prose(finding.message)),
        tag("p", sign, " ", tag("span", wording.title(result.check), class_="soft")),
        tag("ul", *proof) if proof else "",
        tag("p", tag("strong", intro), prose(finding.fix.summary)),
        tag("p", f"It changes {', '.join(changes)}.", class_="soft") if changes else "",
        tag("pre", tag("code", lines(commands))) if commands else "",
        class_=f"finding {severity.value}",
    )
