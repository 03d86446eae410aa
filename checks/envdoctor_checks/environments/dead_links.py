"""ENV: environments whose packages are links into uv's cache."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.environments.dead_links import DeadLinks, DeadPackages
from envdoctor.facts.project.project import ProjectManager

NAMED = 3


@check("ENV016", severity=Severity.ERROR, since="0.1", where=("DeadLinks.environments",))
def packages_lead_nowhere(links: DeadLinks, builders: Builders) -> Iterator[Finding]:
    """The packages of an environment are links to files that are gone, most often into a cache that was emptied.

    ## Why it matters
    With `UV_LINK_MODE=symlink` an environment has no files of its own. After `uv cache clean` every import fails with
    `No module named …`, while `uv pip list` still lists the packages and `uv sync` finds nothing to do.

    ## How to fix
    Reinstall the packages. Use the link mode `copy`, or uv's own default, if the cache is emptied from time to time.

    ## Not a problem when
    The links lead into a cache that exists. A package that was installed as editable has no such links.
    """
    for dead in links.environments:
        names = [package.partition("==")[0] for package in dead.packages]
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        yield Finding(
            f"{', '.join(names[:NAMED])}{more} in {dead.root} cannot be imported: the files are links to nothing",
            where=dead.root,
            evidence=(Evidence(f"a link to {dead.target}, which does not exist", dead.link),),
            fix=_reinstalled(dead, builders),
        )


def _reinstalled(dead: DeadPackages, builders: Builders) -> Fix:
    summary = "Reinstall the packages"
    if builders.uv is None:
        return Fix(summary, Manual(f"Recreate {dead.root}: its packages are links into a cache that is gone"))
    if dead.near and builders.manager is ProjectManager.UV and builders.project:
        again = Run("uv", "sync", "--inexact", "--reinstall", directory=builders.project)
    else:
        again = Run("uv", "pip", "install", "--python", dead.python, "--reinstall", *dead.packages)
    return Fix(summary, again, safety=Safety.CHANGES_STATE)
