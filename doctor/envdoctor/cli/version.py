"""`envdoctor version`: which version this is."""

from __future__ import annotations

import click

from envdoctor._version import __version__
from envdoctor.cli import output


@click.command()
def command() -> int:
    """Print the version, as `-V` and `--version` do."""
    output.write(f"envdoctor {__version__}\n")
    return 0
