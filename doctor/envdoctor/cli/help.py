"""`envdoctor help`: how the program, a command or a check is used."""

from __future__ import annotations

import click

from envdoctor.cli import output


@click.command()
@click.argument("topic", required=False, metavar="[COMMAND]")
@click.pass_context
def command(context: click.Context, topic: str | None) -> int:
    """Show how envdoctor or one COMMAND is used; for the code or name of a check, its manual page."""
    group = context.find_root()
    assert isinstance(group.command, click.Group)  # noqa: S101 - the command of the root
    if topic is None:
        output.write(f"{group.get_help()}\n")
        return 0
    name, known, rest = group.command.resolve_command(group, [topic])
    assert known  # noqa: S101 - an unknown one has been refused
    asked = click.Context(known, parent=group, info_name=name)
    if rest:  # the word is a check's, which is explained
        return int(asked.invoke(known, code=rest[0], every=False))
    output.write(f"{asked.get_help()}\n")
    return 0
