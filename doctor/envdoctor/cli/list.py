"""`envdoctor list`: every check in one line each."""

from __future__ import annotations

import sys

import click

from envdoctor.cli import output
from envdoctor.engine.registry import Registry
from envdoctor.render.lines import Span, line
from envdoctor.render.text import MARKS


@click.command()
@click.option("--no-plugins", is_flag=True, help="List envdoctor's own checks only.")
def command(no_plugins: bool) -> int:  # noqa: FBT001 - click passes flags by name
    """List every check with its code, severity and name."""
    registry = Registry.load(third_party=not no_plugins)
    width = max((len(check.slug) for check in registry.checks), default=0)
    lines = [
        line(
            Span(f"{check.code}  ", "bold"),
            Span(f"{check.severity.value:<9}", MARKS[check.severity][1]),
            f"{check.slug:<{width}}  ",
            Span(check.title, "dim"),
        )
        for check in registry.checks
    ]
    output.write(output.shown(lines, sys.stdout))
    for broken in registry.broken:
        output.complain(f"envdoctor: {broken}")
    return 3 if registry.broken else 0
