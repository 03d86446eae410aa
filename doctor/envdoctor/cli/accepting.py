"""Take out of a report what the project accepts: by its configuration and by a baseline."""

from __future__ import annotations

from datetime import date

from envdoctor.cli import output
from envdoctor.cli.documents import base_of
from envdoctor.facts.project.configuration import Configuration
from envdoctor.facts.session.date import Today
from envdoctor.report import baseline
from envdoctor.report.acceptance import accept
from envdoctor.report.report import Report


def accepting(report: Report, configuration: Configuration | None, file: str | None) -> Report:
    """The report without what is accepted, by the recorded day. Raises UsageProblem for a file that is no baseline."""
    today = report.known.get(Today)
    rules = configuration.rules if configuration else ()
    day = date.fromisoformat(today.date) if isinstance(today, Today) else None
    try:
        before = baseline.read(file, base_of(report)) if file else None
    except baseline.BadBaseline as error:
        raise output.UsageProblem(str(error)) from error
    return accept(report, rules, day, before)
