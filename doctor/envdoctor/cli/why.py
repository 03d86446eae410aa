"""`envdoctor why`: which file and which distribution an import name means here, and why it is not found."""

from __future__ import annotations

import keyword
import re
import sys

import click

from envdoctor.cli import options, output
from envdoctor.cli.session import open_session
from envdoctor.engine.collector import establish
from envdoctor.engine.fact import Fact, Missing
from envdoctor.facts.environments.registered import RegisteredEnvironments
from envdoctor.facts.imports.absence import of_distribution, reasons
from envdoctor.facts.imports.modules import Kind
from envdoctor.facts.imports.resolution import Imports
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.interpreters import Interpreters
from envdoctor.render.why import Answer, document, layout
from envdoctor.report.redaction import redact_fact
from envdoctor.system.session import Session
from envdoctor.system.silent_mounts import Unanswered
from envdoctor.system.unread import noting
from envdoctor.text.json_text import json_text

LONGEST = 500
DISTRIBUTION = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
HOME = "PYTHONHOME"


@click.command()
@click.argument("name")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="What to print.")
@options.python
@options.trust
@options.timeout
def command(name: str, form: str, python: str | None, timeout: float, *, trust: bool) -> int:
    """Show which file an import of NAME takes here, who has installed it, and what it hides; or why it is not found.

    The session's Python (or --python) is asked for its search path alone: NAME is never imported.

    Exit status: 0 found, 1 not found, 2 no name that can be imported, 3 not everything could be examined.
    """
    _expect_name(name)
    session = open_session(timeout, python)
    session.lifted = trust
    known = establish([ActivePython, Interpreters], session)
    active, interpreters = known[ActivePython], known[Interpreters]
    if not isinstance(active, ActivePython):
        reason = active.reason if isinstance(active, Missing) else "no Python answers"
        output.complain(f"envdoctor: no Python can be asked: {reason}")
        return 3
    try:
        with noting() as unread:
            answer = _answer(name, session, active, interpreters if isinstance(interpreters, Interpreters) else None)
    except Unanswered as place:
        output.complain(f"envdoctor: the search path could not be examined: {place}")
        return 3
    answer = redact_fact(answer)
    output.write(json_text(document(answer)) if form == "json" else output.shown(layout(answer), sys.stdout))
    for path, problem in unread.items():
        output.complain(f"envdoctor: {path} could not be read: {problem}")
    if answer.found:
        return 0
    return 3 if unread else 1


def _expect_name(name: str) -> None:
    """Raise UsageProblem for what neither an import nor an installed distribution can be called."""
    shown = name if len(name) <= LONGEST else f"{name[:LONGEST]}…"
    if len(name) <= LONGEST and _is_module(name):
        wrong = next((part for part in name.split(".") if keyword.iskeyword(part)), None)
        if wrong:
            raise output.UsageProblem(f"{shown}: {wrong} is a word of the language and names no module")
        return
    if len(name) > LONGEST or not DISTRIBUTION.fullmatch(name) or ".." in name:
        raise output.UsageProblem(f"{shown!r} names no module: give a name as after `import`, such as yaml or os.path")


def _is_module(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))


def _answer(name: str, session: Session, active: ActivePython, interpreters: Interpreters | None) -> Answer:
    imports = Imports(session, active.interpreter)
    python, version = active.interpreter.path, active.interpreter.version_text
    notes = (f"{HOME} is set, and moves the standard library; this is the answer without it",)
    shown = notes if session.env.get(HOME) else ()
    if not _is_module(name):
        told = of_distribution(imports, name)
        notes = ("an import name has no hyphen: this can be the name of a distribution only",)
        return Answer(name, python, version, None, (), told, imports.entries, (*shown, *notes))
    found = imports.resolve(name)
    if found.found and (found.found.providers or found.found.module.kind is not Kind.NAMESPACE):
        return Answer(name, python, version, found.found, found.hidden, (), imports.entries, shown)
    wanted: list[type[Fact]] = [RegisteredEnvironments]
    registered = establish(wanted, session)[RegisteredEnvironments]
    kept = registered if isinstance(registered, RegisteredEnvironments) else None
    if kept is None and isinstance(registered, Missing):
        shown = (*shown, f"other environments were not looked at: {registered.reason}")
    elif kept:
        shown = (*shown, *(f"not looked at: {skipped}" for skipped in kept.skipped))
    why = reasons(imports, found, interpreters, kept)
    return Answer(name, python, version, found.found, found.hidden, why, imports.entries, shown)
