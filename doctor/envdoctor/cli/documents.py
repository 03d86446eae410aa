"""The documents that a report becomes: one renderer a format, loaded when it is asked for."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

from envdoctor.cli import output
from envdoctor.cli.choices import PLACED, Choices
from envdoctor.facts.session.context import Examined
from envdoctor.report.report import Report
from envdoctor.shells.dialects import Shell, dialect_of

if TYPE_CHECKING:
    from envdoctor.report.places import Base


def document(report: Report, form: str, choices: Choices, *, terminal: bool = False) -> str:
    """The report in this format; as text it is laid out for stdout if that is a `terminal`'s."""
    whole = report
    if report.shared and form != "json":
        from envdoctor.report.sharing import for_reading

        report = for_reading(report)
    shell = shell_of(report)
    if form == "text":
        from envdoctor.render import lines, text

        layout = text.layout(report, shell, verbose=choices.verbose, quiet=choices.quiet)
        return output.shown(layout, sys.stdout) if terminal else lines.plain(layout)
    if form == "baseline":
        from envdoctor.report import baseline

        return baseline.written(report, base_of(report))
    if form == "html":
        from envdoctor.render.html import page
        from envdoctor.report import recording

        made = page.render(report, shell, recording.packed(whole))
        return output.harmless(made) if terminal else made
    render = import_module(f"envdoctor.render.{form}").render
    if form in PLACED:
        return str(render(report, shell, base_of(report)))
    if form == "markdown":
        return output.harmless(render(report, shell)) if terminal else str(render(report, shell))
    return str(render(report))


def base_of(report: Report) -> Base:
    """What places are told relative to: the checkout, or the working directory where a recording knows of none."""
    from envdoctor.facts.project.checkout import Checkout
    from envdoctor.report.places import Base

    checkout, examined = report.known.get(Checkout), report.known.get(Examined)
    home = examined.home if isinstance(examined, Examined) else None
    if isinstance(checkout, Checkout):
        return Base((checkout.root, *((checkout.real,) if checkout.real else ())), home, checkout.governing)
    cwd = examined.cwd if isinstance(examined, Examined) else None
    return Base((cwd,) if cwd else (), home)


def shell_of(report: Report) -> Shell:
    """The shell in which the reader will paste a fix: the one that called, else bash."""
    examined = report.known.get(Examined)
    return dialect_of(examined.shell if isinstance(examined, Examined) else None)
