"""The summary page of a step in GitHub Actions, to which each tool of the step appends."""

from __future__ import annotations

import os
import stat

from envdoctor.cli import output
from envdoctor.render import markdown
from envdoctor.report.report import Report
from envdoctor.shells.dialects import Shell

VARIABLE = "GITHUB_STEP_SUMMARY"
LONGEST = 64_000
"""Bytes of ours: above 1 MiB GitHub drops the page of the whole step, with what other tools have written."""
CUT = "\n\nThe rest did not fit here: see the log of this step.\n"


def append(report: Report, shell: Shell) -> None:
    """Append the report to the page, if there is one. What cannot be written is said on stderr and fails nothing."""
    path = os.environ.get(VARIABLE)
    if not path:
        return
    page = markdown.render(report, shell).encode(errors="backslashreplace")
    if len(page) > LONGEST:
        page = page[:LONGEST].rpartition(b"\n### ")[0] + CUT.encode()
    try:
        _append(path, page)
    except OSError as error:
        output.complain(f"envdoctor: {VARIABLE} could not be written: {error}")


def _append(path: str, page: bytes) -> None:
    """Append to a regular file, which the runner has made. Raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "ab") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{path} is no regular file")
        file.write(page)
