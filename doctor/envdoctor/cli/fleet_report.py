"""`envdoctor fleet DIR|FILE|-`: what is found in many machines' reports."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

import click
from msgspec.structs import replace

from envdoctor.cli import options, output, progress
from envdoctor.engine.finding import Severity
from envdoctor.fleet.answer import Answer
from envdoctor.fleet.conditions import BadCondition
from envdoctor.fleet.examining import Question, answer
from envdoctor.fleet.extra import ExtraMissing
from envdoctor.fleet.sources import NoSource
from envdoctor.report.report import ExitCode

PARQUET = "parquet"
FORMATS = ("text", "json", "markdown", "html", "prometheus", PARQUET)


F = TypeVar("F", bound=Callable[..., Any])


def showing(command: F) -> F:
    """The options of what is said of a fleet, and what counts."""
    fail_on = click.option(
        "--fail-on",
        type=click.Choice([severity.value for severity in Severity]),
        default=Severity.ERROR.value,
        show_default=True,
        help="Exit with 1 where a machine has a finding of this severity; of dated collections, where it is new.",
    )
    form = click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="What to print.")
    return fail_on(form(command))


@click.command()
@click.argument("source", metavar="DIR|FILE|-")
@click.option(
    *("--by", "by"),
    metavar="CODE,…",
    multiple=True,
    callback=options.split_words,
    help="Compare the machines with these findings with the others; else the most severe are.",
)
@click.option(
    "--where",
    metavar="CONDITION",
    multiple=True,
    help="Look at these machines only: PLACE=VALUE, PLACE!=VALUE, machine=NAME, CODE or !CODE; * stands for anything.",
)
@click.option("--since", metavar="NAME", help="Compare the last collection with this one; else with the one before.")
@showing
@click.option("-o", "--output", "file", metavar="FILE", help="Write the document there instead of printing it.")
def command(
    source: str,
    *,
    by: tuple[str, ...],
    where: tuple[str, ...],
    since: str | None,
    fail_on: str,
    form: str,
    file: str | None,
) -> int:
    """Say which machines are sick, alike in what, and what differs between them and the healthy ones.

    A directory holds a report a machine, named for it (`m1.json`), as `envdoctor --share --format json` prints it. A
    file or `-` holds a report a line, each with the machine's name in "machine". Reports are read; nothing is run. Of a
    directory of directories the last by name is read, and what is new in it since the one before; then only that fails.

    \b
    Exit status: 0 no such finding, 1 findings, 2 wrong usage, 3 nothing found, but no machine or not all could be read.
    """  # noqa: D301 - click takes the character itself
    asked = Question(source, tuple(code.upper() for code in by), where, since=since)
    return answered(asked, form, file, fail_on)


def answered(asked: Question, form: str, file: str | None, fail_on: str) -> ExitCode:
    """Answer, and write the answer. Raises UsageProblem."""
    if form == PARQUET:
        if file is None:
            raise output.UsageProblem(f"--format {PARQUET} needs a file: -o FILE")
        asked = replace(asked, parquet=file)
    try:
        with progress.shown() as tell:
            found = answer(asked, tell)
    except (NoSource, BadCondition, ExtraMissing) as error:
        raise output.UsageProblem(str(error)) from error
    unknown = [code for code in asked.by if code not in {one.code for one in found.found}]
    if unknown:
        output.complain(f"envdoctor: no machine has {', '.join(unknown)}")
    if form != PARQUET:
        _write(found, form, file)
    return _status(found, Severity(fail_on))


def _write(found: Answer, form: str, file: str | None) -> None:
    if form == "text":
        from envdoctor.render.fleet import text
        from envdoctor.render.lines import plain

        lines = text.layout(found)
        document = output.shown(lines, sys.stdout) if file is None else plain(lines)
    else:
        document = import_module(f"envdoctor.render.fleet.{form}").render(found)
    if file is None:
        output.write(output.harmless(document) if form in {"markdown", "html"} else document)
    else:
        output.write_file(file, document)


def _status(found: Answer, fail_on: Severity) -> ExitCode:
    counted = found.found if found.history is None else found.history.new
    if any(Severity(one.severity).at_least(fail_on) for one in counted):
        return ExitCode.PROBLEMS
    complete = found.machines and not found.problems and not found.unexamined
    return ExitCode.HEALTHY if complete else ExitCode.INCOMPLETE
