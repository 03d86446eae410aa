"""`envdoctor list`: every check in one line each, or as JSON."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout

import click
import msgspec

from envdoctor.cli import output
from envdoctor.engine.registry import Registry
from envdoctor.render.lines import Line, Span, line
from envdoctor.render.text import MARKS
from envdoctor.text.json_text import json_text

FIELDS = ("code", "slug", "family", "severity", "since", "title")


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="What to print.")
@click.option("--no-plugins", is_flag=True, help="List envdoctor's own checks only.")
def command(form: str, no_plugins: bool) -> int:  # noqa: FBT001 - click passes flags by name
    """List every check with its code, severity and name."""
    with redirect_stdout(sys.stderr):  # what a plugin prints is no list
        registry = Registry.load(third_party=not no_plugins)
    output.write(_document(registry) if form == "json" else output.shown(_lines(registry), sys.stdout))
    for broken in registry.broken:
        output.complain(f"envdoctor: {broken}")
    return 3 if registry.broken else 0


def _lines(registry: Registry) -> list[Line]:
    width = max((len(check.slug) for check in registry.checks), default=0)
    return [
        line(
            Span(f"{check.code}  ", "bold"),
            Span(f"{check.severity.value:<9}", MARKS[check.severity][1]),
            f"{check.slug:<{width}}  ",
            Span(check.title, "dim"),
        )
        for check in registry.checks
    ]


def _document(registry: Registry) -> str:
    checks = [{name: getattr(check, name) for name in FIELDS} for check in registry.checks]
    whole = {"schema": 1, "checks": checks, "broken_plugins": list(map(str, registry.broken))}
    return json_text(msgspec.to_builtins(whole))
