"""`envdoctor schema`: the JSON Schema of the JSON report."""

from __future__ import annotations

import click

from envdoctor.cli import output
from envdoctor.cli.judging import SHOWN
from envdoctor.engine.judge import facts_for
from envdoctor.engine.reference import imported
from envdoctor.engine.registry import Registry
from envdoctor.render import json


@click.command()
@click.option("--no-plugins", is_flag=True, help="Describe the facts of envdoctor's own checks only.")
def command(no_plugins: bool) -> int:  # noqa: FBT001 - click passes flags by name
    """Print the JSON Schema of what `--format json` prints."""
    registry = Registry.load(third_party=not no_plugins)
    facts = sorted(map(imported, facts_for(registry.checks, shown=SHOWN)), key=lambda fact: fact.__name__)
    output.write(json.schema(tuple(facts)))
    return 0
