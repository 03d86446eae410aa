"""`envdoctor check`: examine the session this was typed in."""

from __future__ import annotations

from typing import Any

import click

from envdoctor.checking import Check
from envdoctor.cli import progress, session
from envdoctor.cli.judging import Facts, judge_and_write
from envdoctor.cli.options import judging
from envdoctor.facts.answers import ActivePython
from envdoctor.runner import Ahead, establish, facts_for


@click.command()
@judging
@session.python_option
@session.timeout_option
@click.option("--deep", is_flag=True, help="Also look into every installed extension module.")
@click.option("--network", is_flag=True, help="Also ask the mirrors that are set whether they answer.")
def command(
    python: str | None,
    timeout: float,
    deep: bool,  # noqa: FBT001 - click passes flags by name
    network: bool,  # noqa: FBT001 - the same
    **options: Any,  # noqa: ANN401 - passed on by name
) -> int:
    """Examine this shell session and say what is wrong, with the proof and the exact fix."""
    examined = session.open_session(timeout, python)
    examined.deep, examined.network = deep, network
    # nearly every check wants to know the Pythons, which answer about as slowly as all checks are loaded
    ahead = None if options["select"] else Ahead([ActivePython], examined)

    def facts(checks: tuple[Check[Any], ...]) -> Facts:
        with progress.shown() as examined.progress:
            return establish(facts_for(checks), examined, ahead.wait() if ahead else None)

    return judge_and_write(facts, **options)
