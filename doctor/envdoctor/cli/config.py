"""`envdoctor config`: the settings that count here, and where each comes from."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import click
import msgspec

from envdoctor.cli import output
from envdoctor.cli.configured import verify
from envdoctor.cli.examine import configuration_of
from envdoctor.cli.session import open_session
from envdoctor.facts.project.configuration import Configuration, Settings
from envdoctor.render.lines import Line, Span, line
from envdoctor.system.session import DEFAULT_TIMEOUT
from envdoctor.text.json_text import json_text
from envdoctor.text.secrets import Masker

SCHEMA = "http://json-schema.org/draft-07/schema#"
USUAL = "as usual"


@click.command()
@click.option("--schema", "as_schema", is_flag=True, help="Print the JSON Schema of envdoctor.toml, for editors.")
def command(*, as_schema: bool) -> int:
    """Show the settings that count in this directory, each with the file and line that it comes from.

    A configuration that envdoctor does not understand ends with 2, and says what is right.
    """
    if as_schema:
        output.write(schema())
        return 0
    configuration = configuration_of(open_session(DEFAULT_TIMEOUT))
    if configuration:
        verify(configuration)
    output.write(output.shown(list(_layout(configuration)), sys.stdout))
    return 0


def schema() -> str:
    """The JSON Schema of `envdoctor.toml`, and of the table `[tool.envdoctor]`."""
    _, components = msgspec.json.schema_components([Settings], ref_template="#/definitions/{name}")
    settings = components.pop("Settings")
    return json_text({"$schema": SCHEMA, **settings, "title": "envdoctor", "definitions": components})


def _layout(configuration: Configuration | None) -> Iterator[Line]:
    settings, mask = configuration.settings if configuration else Settings(), Masker().mask
    yield line(Span(configuration.file if configuration else "nothing is configured here", "bold"))
    for name, value in msgspec.to_builtins(settings).items():
        if name == "expect":
            yield from _expected(value, configuration, mask)
        elif name != "suppress":
            origin = configuration.origin(name) if configuration else None
            yield line(mask(f"{name} = {_shown(value)}"), Span(f"  [{origin or USUAL}]", "dim"), indent=2)
    for rule in configuration.rules if configuration else ():
        told = msgspec.to_builtins(rule.suppression)
        pairs = ", ".join(f"{name} = {_shown(value)}" for name, value in told.items() if value is not None)
        yield line(mask(f"suppress {pairs}"), Span(f"  [{rule.origin}]", "dim"), indent=2)


def _expected(
    wanted: dict[str, object], configuration: Configuration | None, mask: Callable[[str], str]
) -> Iterator[Line]:
    """What is expected; what is not has no row."""
    for name, value in wanted.items():
        if value and configuration:
            origin = configuration.origin_of_expected(name)
            yield line(mask(f"expect.{name} = {_shown(value)}"), Span(f"  [{origin}]", "dim"), indent=2)


def _shown(value: object) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_shown, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_shown(item)}' for key, item in value.items())} }}"
    return f'"{value}"' if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)
