"""`envdoctor check`: examine the session this was typed in."""

from __future__ import annotations

from typing import Any

import click

from envdoctor.cli import options
from envdoctor.cli.choices import Choices
from envdoctor.cli.examine import examine


@click.command()
@options.judging
@options.python
@options.trust
@options.timeout
@click.option("--deep", is_flag=True, help="Also look into every installed extension module.")
@click.option("--network", is_flag=True, help="Also ask the mirrors that are set whether they answer.")
def command(
    python: str | None,
    timeout: float,
    trust: bool,  # noqa: FBT001 - click passes flags by name
    deep: bool,  # noqa: FBT001 - the same
    network: bool,  # noqa: FBT001 - the same
    **chosen: Any,  # noqa: ANN401 - passed on by name
) -> int:
    """Examine this shell session and say what is wrong, with the proof and the exact fix."""
    return examine(Choices(**chosen), python, timeout, deep=deep, network=network, trust=trust)
