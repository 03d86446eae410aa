"""The manual page, made from the commands themselves. A test keeps it current.

python docs/man.py > docs/envdoctor.1
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator

import click

from envdoctor import __version__
from envdoctor.cli.commands import CONTEXT, Commands, envdoctor

ENDING = """\
.SH EXIT STATUS
.TP
0
Nothing is as bad as \\-\\-fail\\-on says; without that, no error.
.TP
1
Something is.
.TP
2
The call or the configuration is wrong.
.TP
3
Something could not be examined.
.SH FILES
.TP
.I envdoctor.toml
The settings of a project; or the table
.I [tool.envdoctor]
of its pyproject.toml.
.SH SEE ALSO
.BR python (1),
.BR pip (1),
.BR uv (1),
.BR conda (1)
"""


def page() -> str:
    """The page in the language of man(7)."""
    return "\n".join(_lines()) + "\n" + ENDING


def _lines() -> Iterator[str]:
    yield f'.TH ENVDOCTOR 1 "" "envdoctor {__version__}" "User Commands"'
    yield ".SH NAME"
    yield "envdoctor \\- examine a shell session and its Python environments"
    yield ".SH SYNOPSIS"
    yield ".B envdoctor\n.RI [ COMMAND ]\n.RI [ OPTIONS ]"
    yield ".SH DESCRIPTION"
    yield from _text(envdoctor.help or "")
    yield "The code or name of a check in place of a command shows the manual page of that check."
    yield ".SH COMMANDS"
    yield from _commands(Commands(), "")


def _commands(group: click.Group, before: str) -> Iterator[str]:
    """Every command of a group, and those of a command that is one itself, by their full names."""
    context = click.Context(envdoctor)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None  # noqa: S101 - every name has its module
        yield from _command(f"{before}{name}", command)
        if isinstance(command, click.Group):
            yield from _commands(command, f"{before}{name} ")


def _command(name: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=f"envdoctor {name}", **CONTEXT)
    usage = " ".join(command.collect_usage_pieces(context))
    yield f".SS envdoctor {_escaped(f'{name} {usage}')}"
    yield from _text(command.help or "")
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and "--help" not in parameter.opts:
            yield f".TP\n.B {_escaped(record[0])}\n{_escaped(record[1])}"


def _text(text: str) -> Iterator[str]:
    """Paragraphs, the lines of which are joined, but for those that click leaves as they are."""
    for paragraph in re.split(r"\n[^\S\n]*\n", inspect.cleandoc(text)):
        yield ".PP"
        first, *lines = paragraph.splitlines()
        if first.strip() == "\b":
            yield from (".nf", *map(_escaped, lines), ".fi")
        else:
            yield _escaped(" ".join(paragraph.split()))


def _escaped(text: str) -> str:
    """Text that is no request, with hyphens that can be copied."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


if __name__ == "__main__":
    sys.stdout.write(page())
