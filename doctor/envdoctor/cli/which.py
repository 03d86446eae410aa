"""`envdoctor which`: what a command really runs, and where an install through each tool would land."""

from __future__ import annotations

import sys
from typing import TypeVar

import click
import msgspec

from envdoctor.cli import options, output
from envdoctor.cli.session import open_session
from envdoctor.cli.which_indexes import show_indexes
from envdoctor.engine.collector import establish
from envdoctor.engine.fact import Fact, Missing
from envdoctor.engine.reference import Facts
from envdoctor.facts.commands.commands import TRACKED, Commands, find
from envdoctor.facts.environments.install_targets import InstallTargets
from envdoctor.facts.pyenv.versions import Pyenv
from envdoctor.facts.python.interpreters import Interpreters
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.render.which import Chain, layout, shown_by_default
from envdoctor.report.redaction import redact_fact
from envdoctor.text.json_text import json_text

FactT = TypeVar("FactT", bound=Fact)


@click.command()
@click.argument("commands", nargs=-1, metavar="[COMMAND]…")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="What to print.")
@click.option("--indexes", is_flag=True, help="Show index, Python downloads, certificates and proxy of every tool.")
@click.option("--network", is_flag=True, help="With --indexes: also ask them, and show how fast they are.")
@options.trust
@options.timeout
def command(
    commands: tuple[str, ...],
    form: str,
    indexes: bool,  # noqa: FBT001 - click passes flags by name
    network: bool,  # noqa: FBT001 - the same
    trust: bool,  # noqa: FBT001 - the same
    timeout: float,
) -> int:
    """Show every file that answers to a COMMAND, in the order of PATH, and what it really runs.

    Without a COMMAND: python, pip, uv, conda and the like, and where an install through each would land.
    """
    if indexes:
        if commands:
            raise output.UsageProblem("--indexes shows every tool and takes no COMMAND")
        return show_indexes(form, timeout, network=network, trust=trust)
    if network:
        raise output.UsageProblem("--network asks what --indexes shows: give both")
    wanted: list[type[Fact]] = [SearchPath, Interpreters] if commands else [Commands, Interpreters, InstallTargets]
    session = open_session(timeout)
    session.lifted = trust
    known = establish(wanted, session)
    if isinstance(unknown := known[SearchPath], Missing):
        output.complain(f"envdoctor: the search path could not be examined: {unknown.reason}")
        return 3
    targets = _known(known, InstallTargets)
    chains, landing, interpreters = redact_fact(
        (_chains(commands, known), targets.targets if targets else (), _known(known, Interpreters))
    )
    if form == "json":
        document = {"commands": {chain.name: chain.hits for chain in chains}, "targets": landing}
        output.write(json_text(msgspec.to_builtins(document)))
    else:
        output.write(output.shown(layout(chains, interpreters, landing), sys.stdout))
    return 0 if all(chain.hits for chain in chains if commands) else 1


def _chains(names: tuple[str, ...], known: Facts) -> tuple[Chain, ...]:
    """The named commands; without a name those of interest that are here."""
    if names:
        search_path, pyenv = _known(known, SearchPath), _known(known, Pyenv)
        hits = {name: tuple(find(name, search_path, pyenv)) if search_path else () for name in names}
        return tuple(Chain(name, hits[name]) for name in hits)
    commands = _known(known, Commands)
    return tuple(shown_by_default(Chain(name, commands.all(name) if commands else ()) for name in TRACKED))


def _known(known: Facts, kind: type[FactT]) -> FactT | None:
    """A fact, or None if it is missing."""
    fact = known.get(kind)
    return fact if isinstance(fact, kind) else None
