"""`envdoctor explain`: the manual page of a check, which is its docstring."""

from __future__ import annotations

import os
import sys

import click

from envdoctor.cli import completion, language, output
from envdoctor.engine.registry import Registry
from envdoctor.engine.selection import SelectionError, find
from envdoctor.render import manual


@click.command()
@click.argument("code", required=False, shell_complete=completion.code)
@click.option("--all", "every", is_flag=True, help="Print the pages of all of envdoctor's own checks as Markdown.")
@click.option(
    "--lang",
    type=click.Choice(language.LANGUAGES),
    help="The language of the page; left out, that of LANGUAGE, LC_ALL, LC_MESSAGES or LANG.",
)
def command(code: str | None, every: bool, lang: str | None) -> int:  # noqa: FBT001 - click passes flags by name
    """Show the manual page of the check with this CODE or name."""
    if every == bool(code):
        raise output.UsageProblem("say which check to explain: `envdoctor explain CODE`, or --all")
    if code is None:
        output.write(manual.every_page(Registry.load(third_party=False).checks))
        return 0
    try:
        check = find(Registry.load().checks, code)
    except SelectionError as error:
        raise output.UsageProblem(str(error)) from error
    translated = language.manual_in(lang or language.wanted(os.environ), check)
    if translated is None and lang:
        output.complain(f"envdoctor: {check.code} has no page in {lang}; this is the English one")
    output.write(output.shown(manual.layout(check, translated), sys.stdout))
    return 0
