"""`envdoctor replay`: judge a recorded examination again, with the checks of this version."""

from __future__ import annotations

from typing import Any, NamedTuple

import click

from envdoctor.cli.choices import Choices
from envdoctor.cli.judging import Establish, judge_and_write
from envdoctor.cli.options import judging
from envdoctor.cli.output import UsageProblem
from envdoctor.engine.reference import Facts, FactType
from envdoctor.facts.project.configuration import Configuration
from envdoctor.report import recording
from envdoctor.report.report import Recorded


class Replayed(NamedTuple):
    """A recording that can be judged.

    Attributes:
        establish: finds its facts.
        recorded: where they come from.
        configuration: what was configured there.
        was_shared: whether what is personal is masked in it.
    """

    establish: Establish
    recorded: Recorded
    configuration: Configuration | None
    was_shared: bool


@click.command()
@click.argument("file")
@judging
def command(file: str, **options: Any) -> int:  # noqa: ANN401 - passed on by name
    """Judge the facts in FILE with the checks of this version, without looking at this machine; `-` is a paste.

    FILE holds what `envdoctor report` or `envdoctor --format json` has printed: as it was, or copied from a tracker, a
    mail or a saved page.
    """
    establish, recorded, configuration, was_shared = opened(file)
    return judge_and_write(establish, Choices(**options), recorded, configuration, was_shared=was_shared)


def opened(file: str) -> Replayed:
    """The recording in a file. Raises UsageProblem, as `establish` does."""
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
    return Replayed(facts, recording.source_of(document, file), configured, document.get("shared") is True)
