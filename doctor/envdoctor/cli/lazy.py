"""A group whose commands are imported when they are used, so that its help costs nothing."""

from __future__ import annotations

from importlib import import_module
from typing import ClassVar

import click


class LazyGroup(click.Group):
    """Commands by name.

    Attributes:
        known: each with what it does, in a line.
        modules: how the names of their modules begin; the rest is the command's own name.
    """

    known: ClassVar[dict[str, str]] = {}
    modules: ClassVar[str] = ""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands."""
        del ctx
        return list(self.known)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, from its module."""
        del ctx
        if cmd_name not in self.known:
            return None
        command: click.Command = import_module(f"{self.modules}{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(self.known.items()))
