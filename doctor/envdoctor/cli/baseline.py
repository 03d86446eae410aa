"""`envdoctor baseline`: the findings of today, so that from now on only new ones fail."""

from __future__ import annotations

import click

from envdoctor.cli import options
from envdoctor.cli.examine import examine
from envdoctor.report.report import ExitCode


@click.command()
@options.python
@options.trust
@click.option("-o", "--output", "file", metavar="FILE", help="Write the baseline there instead of printing it.")
def command(python: str | None, *, trust: bool, file: str | None) -> int:
    """Write the codes and fingerprints of what is found now, for `envdoctor check --baseline FILE`.

    It holds no paths, times or lines, and belongs into the repository. What the configuration suppresses is not in it.
    """
    printed = {"form": "baseline"} if file is None else {"form": None, "output": (("baseline", file),)}
    status = examine(printed, python, trust=trust)
    return status if status == ExitCode.INCOMPLETE else ExitCode.HEALTHY
