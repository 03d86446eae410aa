"""`envdoctor envs`: every environment on the machine, in one table."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence

import click

from envdoctor.cli import options, output, progress
from envdoctor.cli.envs_check import examine_all
from envdoctor.cli.envs_sizes import measure
from envdoctor.cli.session import open_session
from envdoctor.engine.collector import establish
from envdoctor.engine.fact import Missing
from envdoctor.facts.environments.kinds import KnownEnvironment
from envdoctor.facts.environments.registered import Candidate, RegisteredEnvironments, distinct
from envdoctor.facts.environments.search import Search
from envdoctor.facts.session.mounts import Mounts
from envdoctor.render.envs import Examined, Listing, document, layout
from envdoctor.report.redaction import redact_fact
from envdoctor.system.silent_mounts import Unanswered


@click.command()
@click.option(
    "--under",
    metavar="DIR",
    multiple=True,
    type=click.Path(exists=True, file_okay=False),
    help="Search below this directory, instead of below the home directory. May be repeated.",
)
@click.option("--depth", type=click.IntRange(min=0), default=5, show_default=True, help="How deep to search.")
@options.seconds("--time-limit", 10.0, "How long the search may take, and how long measuring may.")
@click.option("--sizes", is_flag=True, help="Measure what each takes on the disk, and the caches of tools.")
@click.option("--check", "checks", is_flag=True, help="Also examine the packages of each: the checks PKG.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="What to print.")
@options.timeout
def command(
    under: tuple[str, ...], depth: int, time_limit: float, form: str, timeout: float, *, sizes: bool, checks: bool
) -> int:
    """List the environments of this machine: kind, Python, base, whether they work, when they were last used.

    It looks where venv, uv, conda, pyenv, pipx, poetry, pipenv, hatch, pixi and the like keep theirs, and searches
    below the home directory. No interpreter is run. With --sizes it also says what each tool's own command would free
    in its cache, of which files that environments share are no part. With --check the exit status is 1 where a package
    is at fault.
    """
    examined = open_session(timeout)
    known = establish([RegisteredEnvironments, Mounts], examined)
    registered, mounts = known[RegisteredEnvironments], known[Mounts]
    unknown = isinstance(registered, Missing) and registered.unsettled
    if not isinstance(registered, RegisteredEnvironments):
        assert isinstance(registered, Missing)  # noqa: S101 - a fact of this type, or why there is none
        registered = RegisteredEnvironments((), (registered.reason,))
    starts, silent = _starts(under or (examined.home or "",))
    search = Search(starts, depth, mounts if isinstance(mounts, Mounts) else Mounts())
    with progress.shown() as tell:
        search.run(time_limit, lambda looked, passed: tell(f"{looked} directories", int(passed), int(time_limit)))
        environments = _merged(registered, search, examined.home)
        sized = measure(environments, examined, time_limit, tell) if sizes else None
        found = examine_all(environments, examined, time_limit, tell) if checks else None
    notes = (*registered.skipped, *silent, *_notes(search, time_limit), *(sized.notes if sized else ()))
    examinations = tuple(found.get(each.real) for each in environments) if found is not None else ()
    caches = sized.caches if sized else ()
    shown, notes, examinations, caches = redact_fact((environments, notes, examinations, caches))
    usage = None
    if sized is not None:
        usage = {new.real: sized.environments[old.real] for new, old in zip(shown, environments, strict=True)}
    together, now = sized.together if sized else 0, time.time()
    by_path = _by_path(shown, examinations, found)
    listing = Listing(shown, notes, usage, together, examined.home, now, by_path, caches)
    if form == "json":
        output.write(document(listing))
    else:
        output.write(output.shown(layout(listing), sys.stdout))
    if found and any(each.has_errors for each in found.values()):
        return 1
    unsettled = found is not None and (len(found) < len(environments) or any(each.unsettled for each in found.values()))
    return 3 if unknown or silent or search.silent or unsettled else 0


def _by_path(
    shown: Sequence[KnownEnvironment], examinations: Sequence[Examined | None], found: object
) -> dict[str, Examined] | None:
    """What was found, by the paths that are shown."""
    if found is None:
        return None
    return {each.real: seen for each, seen in zip(shown, examinations, strict=True) if seen is not None}


def _starts(places: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Where a search can begin, and what is to be said of places that do not answer."""
    starts, silent = [], []
    for place in places:
        try:
            starts += [place] if os.path.isdir(place) else []
        except Unanswered as error:
            silent.append(f"{place}: {error}")
    return tuple(starts), silent


def _merged(kept: RegisteredEnvironments, search: Search, home: str | None) -> tuple[KnownEnvironment, ...]:
    """Those that tools keep, and those that were found besides, by path."""
    known = {environment.real for environment in kept.environments}
    besides = (path for path in search.found if os.path.realpath(path) not in known)
    found = distinct((Candidate(path, None, "searching") for path in besides), home)
    return tuple(sorted((*kept.environments, *found), key=lambda environment: environment.path))


def _notes(search: Search, seconds: float) -> list[str]:
    notes = search.skipped[:5]
    if len(search.skipped) > 5:
        notes.append(f"{len(search.skipped) - 5} more directories were left out for such reasons")
    if search.timed_out:
        notes.append(f"the search was ended after {seconds:g} s, with {search.left} directories to go (--time-limit)")
    return notes
