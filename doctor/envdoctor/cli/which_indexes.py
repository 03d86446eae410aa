"""`envdoctor which --indexes`: where every tool gets its packages from, and what has set that."""

from __future__ import annotations

import json
import sys

import click
import msgspec

from envdoctor.cli import output, session
from envdoctor.facts.effective_indexes import EffectiveIndexes
from envdoctor.model import Missing
from envdoctor.redact import redact_fact
from envdoctor.render.indexes import layout
from envdoctor.runner import establish, with_their_needs


def show_indexes(form: str, timeout: float) -> int:
    """Print the table, secrets masked. Returns the exit status: 3 if it could not be made."""
    known = establish(with_their_needs([EffectiveIndexes]), session.open_session(timeout))[EffectiveIndexes]
    if isinstance(known, Missing):
        click.echo(f"envdoctor: the settings could not be read: {known.reason}", err=True)
        return 3
    assert isinstance(known, EffectiveIndexes)  # noqa: S101 - what was asked for
    shown = redact_fact(known)
    if form == "json":
        output.write(json.dumps(msgspec.to_builtins(shown), indent=1) + "\n")
    else:
        output.write(output.shown(layout(shown.settings), sys.stdout))
    return 0
