"""`envdoctor fleet`: many machines' reports, one answer. `collect` gets them, `report` needs no name."""

from __future__ import annotations

import click

from envdoctor.cli.lazy import LazyGroup

COMMANDS = {
    "collect": "Ask machines for their reports by ClusterShell, and say what is found in them",
    "report": "Say what is found in reports (what `envdoctor fleet` does without a command)",
}
DEFAULT = "report"


class FleetCommands(LazyGroup):
    """`collect`, and `report`, which needs no name."""

    known = COMMANDS
    modules = "envdoctor.cli.fleet_"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `report` before what names no command, which may be nothing, but leave `--help` to the group."""
        if not args or args[0] not in {*COMMANDS, "-h", "--help"}:
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)


@click.group(cls=FleetCommands)
def command() -> None:
    """Say of many machines' reports which are sick, alike in what, and what differs between them and the healthy ones.

    \b
      envdoctor fleet DIR                            a directory with a report a machine
      envdoctor fleet FILE|-                         a file or a stream with a report a line
      envdoctor fleet report -h                      its options
      envdoctor fleet collect 'm[1-9]' --output DIR  gets the reports first

    It needs `python-envdoctor[fleet]`.
    """  # noqa: D301 - click takes the character itself
