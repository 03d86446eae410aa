"""`envdoctor`: the group of commands, of which `check` is the one that needs no name."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stdout

import click
from click.shell_completion import CompletionItem

from envdoctor._version import __version__
from envdoctor.cli import output
from envdoctor.cli.lazy import LazyGroup

COMMANDS = {
    "baseline": "Write down what is found now, so that only new findings fail",
    "check": "Examine this shell session (what `envdoctor` does without a command)",
    "config": "Show the settings that count here, and where they come from",
    "diff": "Show what differs between two recordings, or one and now",
    "envs": "List the environments of this machine, and which of them are broken",
    "explain": "Show the manual page of a check (so does its code alone: `envdoctor PIP001`)",
    "fix": "Print the fixes of all findings in order, apply them, or fix this shell with `eval`",
    "fleet": "Say of many machines' reports which are sick, alike in what, and what differs between them",
    "help": "Show how a command is used",
    "init": "Propose a configuration from what the project is",
    "list": "List every check",
    "report": "Print a report for the tracker of a project, with what is personal masked",
    "replay": "Judge a recorded examination again",
    "schema": "Print the JSON Schema of the JSON report",
    "version": "Print the version",
    "which": "Show what a command really runs, and where installs would land",
    "why": "Show which file an import name means here, or why it is not found",
}
DEFAULT = "check"
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Commands(LazyGroup):
    """Every command of the program."""

    known = COMMANDS
    modules = "envdoctor.cli."

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `check` before arguments that name no command, but leave `--help` and `--version` to the group."""
        own = {"-h", "--help", "-V", "--version"}
        completing_first_word = ctx.resilient_parsing and not args
        if not completing_first_word and (not args or (args[0].startswith("-") and args[0] not in own)):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete commands, the options of `check`, which needs no name, and checks, which are explained."""
        items = super().shell_complete(ctx, incomplete)
        check = self.get_command(ctx, DEFAULT)
        if incomplete.startswith("-") and check:
            items += check.shell_complete(click.Context(check, parent=ctx), incomplete)
        elif incomplete and not items:
            from envdoctor.cli import completion

            items += [CompletionItem(name) for name in completion.code(ctx, click.Option(["--code"]), incomplete)]
        return items

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command. The code or name of a check stands for `explain`; for an unknown word, name the nearest."""
        if args[0] not in COMMANDS:
            args = [*_as_explanation(args[0], ctx), *args[1:]]
        return super().resolve_command(ctx, args)


def _as_explanation(word: str, ctx: click.Context) -> tuple[str, str]:
    """The arguments that explain the check with this code or name. Raises UsageError, which says what is near."""
    from envdoctor.engine.registry import Registry
    from envdoctor.engine.selection import nearest

    with redirect_stdout(sys.stderr):  # whatever a plugin prints
        checks = Registry.load().checks
    codes = {name: check.code for check in checks for name in (check.code, check.slug)}
    families = {check.family.upper() for check in checks}
    if found := codes.get(word.upper()) or codes.get(word.lower()):
        return "explain", found
    near = nearest(word, COMMANDS) or nearest(word, codes)
    hint = f"Did you mean {near!r}?" if near else f"Commands: {', '.join(COMMANDS)}."
    if word.upper() in families:
        hint = f"It is a family of checks: `envdoctor check --select {word.upper()}` runs these."
    raise click.UsageError(f"No such command {word!r}. {hint}", ctx)


@click.group(cls=Commands, context_settings=CONTEXT)
@click.version_option(__version__, "-V", "--version", prog_name="envdoctor", message="%(prog)s %(version)s")
def envdoctor() -> None:
    """Examine the shell session this is typed in: what is wrong with its Python, the proof, and the exact fix.

    Without a command it runs `check`; `envdoctor check --help` shows its options.

    Exit status: 0 healthy, 1 problems found, 2 wrong usage, 3 not everything could be examined.
    """


def run(arguments: list[str]) -> int:
    """Carry out what these arguments say. Returns the exit status; raises UsageProblem."""
    try:
        return int(envdoctor.main(arguments, prog_name="envdoctor", standalone_mode=False) or 0)
    except click.ClickException as error:
        said = io.StringIO()
        error.show(said)
        told = f"Error: {error.format_message()}"
        usage = said.getvalue().rstrip("\n").removesuffix(told)
        output.complain(told, usage=usage)
        return error.exit_code
    except click.Abort:
        return 130
