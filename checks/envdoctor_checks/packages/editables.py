"""PKG: working copies whose source has gone."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import EditFile, Evidence, Finding, Fix, Manual, Run, Safety, Severity, check
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.packages.editables import Editables, EnvironmentEditables, LostEditable
from envdoctor.facts.project.pyproject import Pyproject
from envdoctor.facts.python.distributions import normalised
from envdoctor_checks.common.installing import uninstalled
from envdoctor_checks.packages._fixes import Means, changed


@check("PKG008", severity=Severity.ERROR, since="0.1", where=("Editables.environments.lost",))
def editable_source_gone(editables: Editables, builders: Builders, pyproject: Pyproject | None) -> Iterator[Finding]:
    """A package is installed in place, as a working copy, and its source is no longer there.

    ## Why it matters
    The import fails with `No module named …`, while `pip list` shows the package and `pip check` finds nothing wrong.

    ## How to fix
    Install it again from where the source is now, or uninstall it.

    ## Not a problem when
    The source is on a disk that is not mounted at the moment: mount it.
    """
    for environment in editables.environments:
        means = Means(environment.target, builders, environment.has_pip)
        for lost in environment.lost:
            yield Finding(
                f"{lost.shown} in {environment.target.root} is a working copy, and {lost.missing} is not there",
                _found_again(environment, lost, means, pyproject),
                lost.missing,
                (Evidence(lost.missing, lost.said), Evidence(f"installed from {lost.source}", lost.record)),
            )


def _found_again(
    environment: EnvironmentEditables, lost: LostEditable, means: Means, pyproject: Pyproject | None
) -> Fix:
    target = environment.target
    if lost.plugged:
        return Fix(
            "Mount the disk with the source", Manual(f"Mount what {lost.missing} is on, or uninstall {lost.name}")
        )
    if lost.is_link and target.owns(lost.record):
        return _link_removed(lost, means, pyproject)
    if lost.source_exists:
        return changed("Install the working copy again", means, "--editable", lost.source)
    if place := _place(lost, pyproject):
        return changed(f"Install the working copy in {place}", means, "--editable", place)
    if target.externally_managed or not target.owns(lost.record):
        return Fix("Uninstall the package", Manual(f"Uninstall {lost.name} from {lost.record.rpartition('/')[0]}"))
    steps = uninstalled(target.python, lost.name, with_uv=means.with_uv, has_pip=means.has_pip)
    return Fix(f"Uninstall {lost.name}, or install it from its new place", *steps, safety=Safety.CHANGES_STATE)


def _place(lost: LostEditable, pyproject: Pyproject | None) -> str | None:
    """Where the source is now, if it is the project around the working directory."""
    if pyproject is None or pyproject.name is None or normalised(pyproject.name) != lost.name:
        return None
    return pyproject.path.rpartition("/")[0]


def _link_removed(lost: LostEditable, means: Means, pyproject: Pyproject | None) -> Fix:
    """Delete the link: pip and uv find nothing to uninstall without the source, and put a second record beside it."""
    line = (EditFile(lost.path_file, remove=(lost.source,)),) if lost.path_file else ()
    steps = (Run("rm", "-f", "--", lost.record), *line)
    if place := _place(lost, pyproject):
        summary = f"Delete the link, and install the working copy in {place}"
        return Fix(summary, *steps, *means.install("--editable", place), safety=Safety.DESTRUCTIVE)
    return Fix(f"Delete the link to {lost.source}", *steps, safety=Safety.DESTRUCTIVE)
