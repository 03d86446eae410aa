"""Reports that every machine-readable format renders: one of each outcome, a hostile one, a healthy one."""

from __future__ import annotations

import msgspec

from envdoctor import Evidence, Finding, Fix, Run, Severity
from envdoctor.engine.finding import Outcome
from envdoctor.engine.judge import Result
from envdoctor.engine.reference import Facts
from envdoctor.report.places import Base
from envdoctor.report.report import Report
from tests.samples import EVERY, sample_report, wet_ground

BASE = Base(("/ground",), "/home/me", "pyproject.toml")
HOSTILE = (
    "::error::x\x1b[2J\x00\ud800\udcff`|<b>&\"'@all #1 ##[error]y ##vso[z] ]]> \ufffe\n::stop-commands::t\r% 100%0A"
)


def healthy() -> Report:
    """A report in which every check passes."""
    return Report("2026-01-02T03:04:05Z", tuple(Result(check, Outcome.OK) for check in EVERY), Facts())


def placed(*lines: int, severity: Severity = Severity.ERROR) -> Report:
    """A report with a finding at each of these lines of a file of the checkout."""
    fix = Fix("Remove the line", Run("sed", "-i", "1d", "a b"))
    found = tuple(Finding(f"line {n}", fix, f"/ground/uv.lock:{n}", severity=severity) for n in lines)
    return Report("2026-01-02T03:04:05Z", (Result(wet_ground, Outcome.FOUND, None, found),), Facts())


def hostile() -> Report:
    """The sample, whose words have all been taken from a hostile name."""
    report = sample_report()
    evidence = (Evidence(HOSTILE, HOSTILE),)
    finding = Finding(HOSTILE, Fix(HOSTILE, Run(HOSTILE, HOSTILE)), HOSTILE, evidence)
    results = (
        Result(wet_ground, Outcome.FOUND, None, (finding, finding)),
        *(msgspec.structs.replace(result, reason=HOSTILE) for result in report.results[1:] if result.reason),
    )
    return msgspec.structs.replace(report, results=results, broken_plugins=(HOSTILE,))


REPORTS = {"sample": sample_report(), "healthy": healthy(), "placed": placed(3, 3, 4), "hostile": hostile()}
