"""PKG: wheels for another Python or another machine."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename

from envdoctor import Evidence, Finding, Fix, Manual, Safety, Severity, check
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.packages.managed import ManagedPackages
from envdoctor.facts.packages.wheel_tags import ForeignWheel, WheelTags
from envdoctor_checks.common.installing import reinstalled
from envdoctor_checks.packages._fixes import Means, removed_then

NAMED = 3


@check("PKG009", severity=Severity.ERROR, since="0.1", unless=("PY011",), where=("WheelTags.environments.foreign",))
def wheel_for_another_platform(
    tags: WheelTags, builders: Builders, managed: ManagedPackages | None
) -> Iterator[Finding]:
    """A package was made for another Python or another machine: none of its extension modules can be loaded here.

    ## Why it matters
    The import ends with `No module named …` or "invalid ELF header". It happens when `site-packages` is copied, shared
    by several machines, filled with `pip install --target --platform`, or kept when Python is upgraded.

    ## How to fix
    Reinstall the package, so that the installer chooses the file for this Python and machine.

    ## Not a problem when
    The tags alone do not fit, or are missing: the names and the headers of the extension modules decide.
    """
    for environment in tags.environments:
        means = Means(environment.target, builders, environment.has_pip, managed)
        for wheel in environment.foreign:
            yield Finding(
                f"{wheel.name} {wheel.version} in {environment.target.root} cannot be loaded: "
                f"{basename(wheel.module)} {wheel.reason}",
                _again(wheel, means),
                wheel.record,
                (Evidence(f"made for {', '.join(wheel.tags[:NAMED])}", f"{wheel.record}/WHEEL"),),
            )


def _again(wheel: ForeignWheel, means: Means) -> Fix:
    target = means.target
    if target.externally_managed or not target.owns(wheel.record):
        text = f"Install {wheel.name} for {target.python} elsewhere: {wheel.record} is for another Python"
        return Fix("Separate the packages of the two", Manual(text))
    spec = f"{wheel.name}=={wheel.version}"
    if means.manager(wheel.name):
        return removed_then("Install the package again for this Python", means, (wheel.record,), spec)
    steps = reinstalled(target.python, spec, with_uv=means.with_uv, has_pip=means.has_pip)
    return Fix("Reinstall the package for this Python", *steps, safety=Safety.CHANGES_STATE)
