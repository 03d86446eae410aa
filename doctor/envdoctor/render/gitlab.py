"""The report as GitLab's code quality artifact.

GitLab shows entries of equal fingerprints once, and needs a path in the repository for each.
"""

from __future__ import annotations

import hashlib
from typing import Any

from envdoctor.engine.finding import Finding, Severity
from envdoctor.engine.judge import Result
from envdoctor.render import wording
from envdoctor.report.places import Base, fingerprint_of, place_of
from envdoctor.report.report import Report
from envdoctor.shells.dialects import Shell
from envdoctor.text.json_text import json_text

SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report, shell: Shell, base: Base) -> str:
    """An array, empty if nothing was found."""
    seen: dict[str, int] = {}
    entries = [_entry(result, finding, shell, base, seen) for result, finding in report.findings]
    return json_text(entries)


def _entry(result: Result, finding: Finding, shell: Shell, base: Base, seen: dict[str, int]) -> dict[str, Any]:
    place, fingerprint = place_of(finding, base), fingerprint_of(result, finding, base)
    seen[fingerprint] = seen.get(fingerprint, 0) + 1
    if seen[fingerprint] > 1:  # a second finding of a check about the same place
        fingerprint = hashlib.sha256(f"{fingerprint}{seen[fingerprint]}".encode()).hexdigest()
    return {
        "description": f"{finding.message}. {wording.advice(finding, shell)}",
        "check_name": wording.title(result.check),
        "fingerprint": fingerprint,
        "severity": SEVERITIES[result.severity_of(finding)],
        "location": {"path": place.file, "lines": {"begin": place.line}},
    }
