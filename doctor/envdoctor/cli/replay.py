"""`envdoctor replay`: judge a recorded examination again, with the checks of this version."""

from __future__ import annotations

from typing import Any

import click

from envdoctor import record
from envdoctor.checking import Check
from envdoctor.cli.choices import Choices
from envdoctor.cli.judging import Facts, judge_and_write
from envdoctor.cli.options import judging
from envdoctor.cli.output import UsageProblem
from envdoctor.runner import facts_for


@click.command()
@click.argument("file")
@judging
def command(file: str, **options: Any) -> int:  # noqa: ANN401 - passed on by name
    """Judge the facts in FILE, a report made with `--format json`, without looking at this machine."""
    try:
        document = record.read(file)
    except record.BadRecording as error:
        raise UsageProblem(str(error)) from error

    def facts(checks: tuple[Check[Any], ...]) -> Facts:
        try:
            return record.from_document(document, facts_for(checks), file)
        except record.BadRecording as error:
            raise UsageProblem(str(error)) from error

    return judge_and_write(facts, Choices(**options))
