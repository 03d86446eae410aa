"""`envdoctor check`: examine the session this was typed in."""

from __future__ import annotations

from typing import Any

import click
from click.core import ParameterSource

from envdoctor.cli import options
from envdoctor.cli.examine import examine


@click.command()
@options.judging
@options.python
@options.trust
@options.timeout
@click.option("--deep/--no-deep", help="Also look into every installed extension module.")
@click.option("--network/--no-network", help="Also ask the mirrors that are set whether they answer.")
@click.pass_context
def command(context: click.Context, /, python: str | None, *, trust: bool, **chosen: Any) -> int:  # noqa: ANN401 - passed on by name
    """Examine this shell session and say what is wrong, with the proof and the exact fix."""
    typed = {name for name in chosen if context.get_parameter_source(name) is not ParameterSource.DEFAULT}
    return examine({name: value for name, value in chosen.items() if name in typed}, python, trust=trust)
