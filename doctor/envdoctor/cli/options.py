"""The options that several commands share."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

import click

from envdoctor.cli import completion
from envdoctor.cli.choices import FORMATS, Choices
from envdoctor.engine.finding import Severity
from envdoctor.system.session import DEFAULT_TIMEOUT

F = TypeVar("F", bound=Callable[..., Any])

python = click.option(
    "--python",
    metavar="PYTHON",
    shell_complete=completion.python,
    help="Examine this interpreter (a path, a name, or an environment's directory) instead of the one `python` runs.",
)
trust = click.option(
    "--trust", is_flag=True, help="Also run programs that belong to other users, or that others may change."
)


def _no_nan(_: click.Context, __: click.Parameter, value: float) -> float:
    """The same number, unless it is `nan`, which no bound keeps out."""
    if math.isnan(value):
        raise click.BadParameter(f"'{value}' is not a number of seconds")
    return value


def seconds(name: str, default: float, text: str, *, most: float = 86_400) -> Callable[[F], F]:
    """An option for a number of seconds that something may take."""
    span = click.FloatRange(min=0, min_open=True, max=most)
    return click.option(
        name, type=span, callback=_no_nan, default=default, show_default=True, metavar="SECONDS", help=text
    )


timeout = seconds("--timeout", DEFAULT_TIMEOUT, "How long one question to the machine may take.", most=600)


def split_words(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """The words of an option that takes several, separated by commas, and may be repeated."""
    return tuple(word.strip() for value in values for word in value.split(","))


def split_outputs(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Format and file of each `FORMAT=FILE`; the format must be one that exists."""
    outputs = []
    for value in values:
        form, _equals, path = value.partition("=")
        if form not in FORMATS or not path:
            raise click.BadParameter(f"{value!r} is not FORMAT=FILE with a format of {', '.join(FORMATS)}")
        outputs.append((form, path))
    return tuple(outputs)


def examining(command: F) -> F:
    """The options that say what is examined and what counts."""
    for option in reversed(
        (
            *_chosen_checks(),
            click.option("--deep/--no-deep", help="Also look into every installed extension module."),
            click.option("--network/--no-network", help="Also ask the mirrors that are set whether they answer."),
        )
    ):
        command = option(command)
    return command


def _chosen_checks() -> tuple[Callable[[F], F], ...]:
    return (
        _several("--select", "CODE,…", split_words, "Run only these codes, prefixes or names."),
        _several("--ignore", "CODE,…", split_words, "Leave out these codes, prefixes or names."),
        click.option("--baseline", metavar="FILE", help="Accept the findings in this file, from `envdoctor baseline`."),
        click.option("--no-plugins", is_flag=True, help="Run envdoctor's own checks only."),
    )


def judging(command: F) -> F:
    """The options of commands that judge: the fields of `Choices`, by their names."""
    usual = Choices()
    selecting, ignoring, baseline, no_plugins = _chosen_checks()
    for option in reversed(
        (
            selecting,
            ignoring,
            click.option(
                "--fail-on",
                type=click.Choice([severity.value for severity in Severity]),
                default=usual.fail_on,
                show_default=True,
                help="Exit with 1 from this severity on.",
            ),
            click.option("--strict", is_flag=True, help="The same as --fail-on warning; unused suppressions fail too."),
            click.option("--format", "form", type=click.Choice(FORMATS), default=usual.form, help="What to print."),
            _several("--output", "FORMAT=FILE", split_outputs, "Also write this document."),
            baseline,
            share,
            sharing,
            no_plugins,
            click.option("-v", "--verbose", is_flag=True, help="Say what came of every check."),
            click.option("-q", "--quiet", is_flag=True, help="Print findings only."),
        )
    ):
        command = option(command)
    return command


def share(command: F) -> F:
    """Whether what is personal is masked."""
    text = "Mask what is personal: home, names, e-mail, private hosts."
    return click.option("--share", is_flag=True, help=text)(command)


def sharing(command: F) -> F:
    """The options about what is masked in what is shared."""
    key = click.option(
        "--pseudonym-key-file",
        metavar="FILE",
        help="Give the same name the same pseudonym in all reports made with this key; `-` reads it from stdin.",
    )
    show = click.option("--show-masked", is_flag=True, help="List on the terminal what was masked in what is shared.")
    keep = click.option("--keep-hosts", is_flag=True, help="Show private hosts in what is shared.")
    return keep(show(key(command)))


def _several(name: str, shape: str, split: Callable[..., object], text: str) -> Callable[[F], F]:
    complete = completion.selection if split is split_words else None
    return click.option(name, metavar=shape, multiple=True, callback=split, shell_complete=complete, help=text)
