"""`envdoctor list`: every check in one line each, or as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from itertools import groupby

import click
import msgspec

from envdoctor.cli import output
from envdoctor.engine.check import family_of
from envdoctor.engine.registry import Registry
from envdoctor.render.lines import Line, Span, line
from envdoctor.render.manual import family_meaning
from envdoctor.render.wording import MARKS
from envdoctor.text.json_text import json_text

FIELDS = ("code", "slug", "family", "severity", "since", "title")


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="What to print.")
@click.option("--no-plugins", is_flag=True, help="List envdoctor's own checks only.")
def command(form: str, no_plugins: bool) -> int:  # noqa: FBT001 - click passes flags by name
    """List every check with its code, severity and name."""
    with redirect_stdout(sys.stderr):  # what a plugin prints is no list
        registry = Registry.load(third_party=not no_plugins)
    output.write(_document(registry) if form == "json" else output.shown(tuple(lines(registry)), sys.stdout))
    for broken in registry.broken:
        output.complain(f"envdoctor: {broken}")
    return 3 if registry.broken else 0


def lines(registry: Registry) -> Iterator[Line]:
    """The checks of each family, below what its letters stand for."""
    width = max((len(check.slug) for check in registry.checks), default=0)
    for letters, checks in groupby(registry.checks, key=lambda check: family_of(check.code)):
        family = tuple(checks)
        yield line(Span(f"{letters}: ", "bold"), family_meaning(family[0]))
        for check in family:
            severity = Span(f"{check.severity.value:<9}", MARKS[check.severity][1], whole=True)
            code, slug = Span(f"{check.code:<8} ", "bold", whole=True), Span(f"{check.slug:<{width}}  ", whole=True)
            yield line(code, severity, slug, Span(check.title, "dim"), indent=2, hang=width + 20, column=True)


def _document(registry: Registry) -> str:
    checks = [{name: getattr(check, name) for name in FIELDS} for check in registry.checks]
    whole = {"schema": 1, "checks": checks, "broken_plugins": list(map(str, registry.broken))}
    return json_text(msgspec.to_builtins(whole))
