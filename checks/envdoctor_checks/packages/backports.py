"""PKG: backports of the standard library that hide the original."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import Evidence, Finding, Fix, Manual, RemoveFromPath, Safety, Severity, check
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.packages.backports import Backport, Backports
from envdoctor_checks.common.installing import uninstalled
from envdoctor_checks.packages._fixes import Means

VARIABLE = "PYTHONPATH"


@check("PKG014", severity=Severity.INFO, since="0.1", where=("Backports.environments.backports",))
def stdlib_backport_in_front(backports: Backports, builders: Builders) -> Iterator[Finding]:
    """A backport of a module of the standard library is installed for a Python that has the module itself.

    ## Why it matters
    On `PYTHONPATH` it comes before the library: with enum34, typing, pathlib or uuid there, Python ends at once with
    `AttributeError: module 'enum' has no attribute …`, with asyncio or futures every program that imports asyncio. In
    `site-packages` it is never imported, and only a sign that something asks for packages of Python 2.

    ## How to fix
    Take the directory off `PYTHONPATH`, or uninstall the backport.

    ## Not a problem when
    It lies in `site-packages`: the library comes first there. That is only info, and nothing is said where an installed
    package requires it.
    """
    for environment in backports.environments:
        means = Means(environment.target, builders, environment.has_pip)
        for found in environment.backports:
            text = f"is never imported: the library of Python {environment.target.minor} has the module"
            if found.in_front:
                text = f"in {found.in_front} comes before the standard library, which has the module"
            yield Finding(
                f"{found.name} {found.version} {text}",
                _gone(found, means),
                found.record,
                (Evidence(f"{found.name} {found.version}", found.record),),
                Severity.ERROR if found.in_front and found.kills else None,
            )


def _gone(found: Backport, means: Means) -> Fix:
    target = means.target
    if found.in_front:
        return Fix(f"Remove the directory from {VARIABLE}", RemoveFromPath(found.in_front, VARIABLE))
    if target.externally_managed or not target.owns(found.record) or found.installer not in ("pip", "uv"):
        return Fix("Uninstall the backport", Manual(f"Uninstall {found.name} with what installed {found.record}"))
    steps = uninstalled(target.python, found.name, with_uv=means.with_uv, has_pip=means.has_pip)
    return Fix("Uninstall the backport", *steps, safety=Safety.CHANGES_STATE)
