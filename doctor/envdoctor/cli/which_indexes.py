"""`envdoctor which --indexes`: where every tool gets its packages from, and what has set that."""

from __future__ import annotations

import sys

import msgspec

from envdoctor.cli import output, session
from envdoctor.engine.collector import establish
from envdoctor.engine.fact import Missing
from envdoctor.facts.mirrors.effective import EffectiveIndexes
from envdoctor.facts.mirrors.reachability import Reachability
from envdoctor.render.indexes import layout
from envdoctor.report.redaction import redact_fact
from envdoctor.text.json_text import json_text


def show_indexes(form: str, timeout: float, *, network: bool, trust: bool) -> int:
    """Print the table, secrets masked. Returns the exit status: 3 if it could not be made."""
    examined = session.open_session(timeout)
    examined.network, examined.lifted = network, trust
    known = establish([EffectiveIndexes, Reachability], examined)
    effective, reachability = known[EffectiveIndexes], known[Reachability]
    if isinstance(effective, Missing):
        output.complain(f"envdoctor: the settings could not be read: {effective.reason}")
        return 3
    assert isinstance(effective, EffectiveIndexes)  # noqa: S101 - what was asked for
    asked = reachability.asked if isinstance(reachability, Reachability) else ()
    settings, answers = redact_fact((effective.settings, asked))
    if form == "json":
        document = msgspec.to_builtins({"settings": settings, "asked": answers})
        output.write(json_text(document))
    else:
        output.write(output.shown(layout(settings, answers), sys.stdout))
    return 0
