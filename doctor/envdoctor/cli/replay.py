"""`envdoctor replay`: judge a recorded examination again, with the checks of this version."""

from __future__ import annotations

from typing import Any

import click

from envdoctor.cli.choices import Choices
from envdoctor.cli.judging import judge_and_write
from envdoctor.cli.options import judging
from envdoctor.cli.output import UsageProblem
from envdoctor.engine.reference import Facts, FactType
from envdoctor.facts.project.configuration import Configuration
from envdoctor.report import recording


@click.command()
@click.argument("file")
@judging
def command(file: str, **options: Any) -> int:  # noqa: ANN401 - passed on by name
    """Judge the facts in FILE, a report made with `--format json`, without looking at this machine."""
    try:
        document = recording.read(file)
    except recording.BadRecording as error:
        raise UsageProblem(str(error)) from error

    def facts(needed: tuple[FactType, ...]) -> Facts:
        try:
            return recording.from_document(document, needed, file)
        except recording.BadRecording as error:
            raise UsageProblem(str(error)) from error

    configuration = facts((Configuration,))[Configuration]
    configured = configuration if isinstance(configuration, Configuration) else None
    source, was_shared = recording.source_of(document, file), document.get("shared") is True
    return judge_and_write(facts, Choices(**options), source, configured, was_shared=was_shared)
