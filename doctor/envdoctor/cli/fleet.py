"""`envdoctor fleet`: many machines' reports, one answer. `collect` gets them, `report` needs no name."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = {
    "collect": "Ask machines for their reports by ClusterShell, and say what is found in them",
    "report": "Say what is found in reports (what `envdoctor fleet` does without a command)",
}
DEFAULT = "report"


class FleetCommands(click.Group):
    """Commands that are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, from its module."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"envdoctor.cli.fleet_{cmd_name}").command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `report` before arguments that name no command, but leave `--help` to the group."""
        if args and args[0] not in {*COMMANDS, "-h", "--help"}:
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


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
