"""The findings that were there when a project began to use envdoctor: only new ones fail.

The file holds codes and fingerprints alone, sorted: no lines, times or paths of one machine, so that it merges.
"""

from __future__ import annotations

import msgspec

from envdoctor.engine.finding import Finding
from envdoctor.engine.judge import Result
from envdoctor.report.places import Base, fingerprint_of
from envdoctor.report.report import Report
from envdoctor.report.strict_json import Unsound, loads
from envdoctor.system.files import Unreadable, read_bytes
from envdoctor.text import limits
from envdoctor.text.json_text import json_text

VERSION = 1
Entry = tuple[str, str]


class BadBaseline(Exception):  # noqa: N818 - the user's file is wrong, not the program
    """A file that is no baseline. The message names the file and says what is expected."""


class Baseline(msgspec.Struct, frozen=True):
    """Findings that are accepted.

    Attributes:
        file: where they stand.
        base: what fingerprints leave out.
        entries: code and fingerprint of each.
    """

    file: str
    base: Base
    entries: frozenset[Entry]

    def entry(self, result: Result, finding: Finding) -> Entry:
        """The entry by which a finding is known."""
        return result.check.code, fingerprint_of(result, finding, self.base)


def written(report: Report, base: Base) -> str:
    """The baseline of what a report has found."""
    entries = {(result.check.code, fingerprint_of(result, finding, base)) for result, finding in report.findings}
    return json_text({"baseline": VERSION, "findings": [list(entry) for entry in sorted(entries)]})


def read(path: str, base: Base) -> Baseline:
    """The baseline in a file. Raises BadBaseline."""
    expected = "make it with `envdoctor baseline`"
    try:
        document = loads(read_bytes(path, limits.RECORDING))
    except Unreadable as error:
        raise BadBaseline(str(error)) from error
    except (Unsound, ValueError) as error:
        raise BadBaseline(f"{path}: {error}; {expected}") from error
    if not isinstance(document, dict) or document.get("baseline") != VERSION:
        raise BadBaseline(f"{path}: not a baseline of envdoctor; {expected}")
    try:
        entries = msgspec.convert(document.get("findings"), list[Entry])
    except msgspec.ValidationError as error:
        raise BadBaseline(f"{path}: findings: {error}; {expected}") from error
    return Baseline(path, base, frozenset(entries))
