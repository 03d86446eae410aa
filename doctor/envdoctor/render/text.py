"""The report as a person reads it: what was examined, then what is wrong with proof and fix, then what is fine."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import __version__
from envdoctor.engine.finding import Finding, Outcome
from envdoctor.engine.fix import (
    AnyAction,
    Fix,
    Manual,
)
from envdoctor.engine.judge import Result
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.not_run import NotRun
from envdoctor.facts.session.context import Examined
from envdoctor.render.lines import Line, Span, line
from envdoctor.render.occasion import patient
from envdoctor.render.wording import MARKS, counted, number, title, unexamined
from envdoctor.report.report import ExitCode, Report
from envdoctor.shells.dialects import Shell, lines_of

FEW = 3
"""Up to so many findings, a reader needs no plan."""


def layout(report: Report, shell: Shell = Shell.BASH, *, verbose: bool = False, quiet: bool = False) -> list[Line]:
    """The lines of the report, with fixes as this shell says them. `verbose` tells of every check, `quiet` of none."""
    lines: list[Line] = list(_headline(report)) if report.recorded or not quiet else []
    findings = report.findings
    if len(findings) > FEW:
        from envdoctor.render.first import ordered  # a session with few findings needs no plan

        findings, first = ordered(report)
        lines += [] if quiet else first
    for result, finding in findings:
        lines += _finding(result, finding, shell, replayed=report.recorded is not None)
    lines += _unexamined(report)
    lines += _accepted(report)
    if not quiet:
        lines += _details(report) if verbose else _summary(report)
        lines += _not_run(report)
        lines += _masked(report)
        lines += [line(*_counts(report))]
    return lines


def _headline(report: Report) -> Iterator[Line]:
    """Which session was examined, why it is not just what envdoctor itself was given, and which Python answers."""
    examined = report.known.get(Examined)
    name = Span(f"envdoctor {__version__}", "bold")
    what = patient(examined if isinstance(examined, Examined) else None)
    place = f" in {examined.cwd or 'a directory that has been deleted'}" if isinstance(examined, Examined) else ""
    if recorded := report.recorded:
        when = f"recorded at {recorded.created} by envdoctor {recorded.version}"
        yield line(name, f" replayed {recorded.file}, {when}: a {what}{place}")
    else:
        yield line(name, f" examined this {what}{place}")
    if isinstance(examined, Examined) and examined.note:
        yield line(Span(examined.note, "dim"))
    active = report.known.get(ActivePython)
    if isinstance(active, ActivePython):
        python = active.interpreter
        kind = "virtual environment" if python.is_venv else "conda environment" if python.is_conda else "installed in"
        runs = "" if active.command == python.path else f"{active.command} runs "
        yield line(f"{runs}{python.path}: Python {python.version_text}, {kind} {python.prefix}")
    yield line()


def _finding(result: Result, finding: Finding, shell: Shell, *, replayed: bool) -> Iterator[Line]:
    mark, style = MARKS[result.severity_of(finding)]
    yield line(Span(f"{mark} ", style), Span(finding.message, "bold"), hang=2)
    yield line(Span(title(result.check), "dim"), indent=2)
    for evidence in finding.evidence:
        yield line(evidence.text, Span(f"  [{evidence.origin}]", "dim"), indent=4, hang=2)
    yield from _fix(finding.fix, shell, replayed=replayed)
    yield line()


def _fix(fix: Fix, shell: Shell, *, replayed: bool) -> Iterator[Line]:
    from envdoctor.render.changes import changes_of

    changes = changes_of(fix)
    label = Span(f"  [{', '.join(changes)}]", "dim") if changes else ""
    yield line(Span("Fix for that machine: " if replayed else "Fix: ", "green"), fix.summary, label, indent=2, hang=2)
    yield from _steps(fix.actions, shell, "green")
    if fix.undo:
        yield line(Span("Undo:", "dim"), indent=2)
        yield from _steps(fix.undo, shell, "dim")


def _steps(actions: tuple[AnyAction, ...], shell: Shell, style: str) -> Iterator[Line]:
    for command, action in lines_of(actions, shell):
        yield line(Span(command, "" if isinstance(action, Manual) else style), indent=6, verbatim=True)


def _unexamined(report: Report) -> Iterator[Line]:
    problems = unexamined(report)
    yield from (line(Span("? ", "bold magenta"), problem, hang=2) for problem in problems)
    if problems:
        yield line()


def _accepted(report: Report) -> Iterator[Line]:
    """What the project accepts, and what is to be said of its lists."""
    for accepted in report.accepted:
        label = Span(title(accepted.result.check), "dim")
        yield line(Span("~ ", "dim"), label, f": {accepted.finding.message}; accepted: {accepted.reason}", hang=2)
    yield from (line(Span("~ ", "yellow"), note, hang=2) for note in (*report.unused, *report.notes))
    if report.accepted or report.unused or report.notes:
        yield line()


def _summary(report: Report) -> Iterator[Line]:
    fine = [result.check for result in report.results if result.outcome is Outcome.OK]
    skipped = [r for r in report.results if r.outcome is Outcome.SKIPPED and not r.unsettled]
    if fine:
        subjects = ", ".join(dict.fromkeys(check.subject for check in fine))
        yield line(Span("✓ ", "bold green"), f"{number(len(fine), 'check')} found nothing wrong: {subjects}", hang=2)
    if skipped:
        yield line(Span("- ", "dim"), f"{number(len(skipped), 'check')} did not apply here (-v says why)", hang=2)


def _not_run(report: Report) -> Iterator[Line]:
    """What was not run though it was of interest; but not what is said already, by the checks that needed it."""
    known = report.known.get(NotRun)
    said = " ".join(result.reason or "" for result in report.results if result.unsettled)
    for unrun in known.programs if isinstance(known, NotRun) else ():
        text = f"{unrun.path} {unrun.reason}"
        if text not in said:
            yield line(Span("- ", "dim"), text, hang=2)


def _masked(report: Report) -> Iterator[Line]:
    if report.redactions:
        masked = ", ".join(f"{redaction.count} {redaction.rule}" for redaction in report.redactions)
        what = "what is secret or personal is" if report.shared else "secrets are"
        yield line(Span("* ", "dim"), f"{what} masked in this report: {masked}", hang=2)


def _details(report: Report) -> Iterator[Line]:
    for result in report.results:
        label = Span(title(result.check), "dim")
        if result.outcome is Outcome.OK:
            yield line(Span("✓ ", "bold green"), label)
        elif result.outcome is Outcome.SKIPPED and not result.unsettled:
            yield line(Span("- ", "dim"), label, f": {result.reason}", hang=2)


def _counts(report: Report) -> Iterator[str | Span]:
    counts = counted(report)
    meaning = {
        ExitCode.HEALTHY: f"nothing is as bad as --fail-on {report.fail_on.value}",
        ExitCode.PROBLEMS: f"something is as bad as --fail-on {report.fail_on.value}"
        if report.fails
        else "a suppression is not needed any more (--strict)",
        ExitCode.INCOMPLETE: "not everything could be examined",
    }[report.exit_code]
    healthy = Span("Healthy", "bold green") if report.exit_code is ExitCode.HEALTHY else Span("Nothing found", "bold")
    yield Span(counts, "bold") if counts else healthy
    yield f" · exit {report.exit_code.value}: {meaning}"
