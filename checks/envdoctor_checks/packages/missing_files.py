"""PKG: packages of which files are missing."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import Evidence, Finding, Fix, Safety, Severity, check
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.packages.managed import ManagedPackages
from envdoctor.facts.packages.missing_files import IncompletePackage, PackageFiles
from envdoctor_checks.common.installing import reinstalled
from envdoctor_checks.packages._fixes import Means, removed_then


@check("PKG015", severity=Severity.ERROR, since="0.1", where=("PackageFiles.environments.incomplete",))
def package_files_missing(
    files: PackageFiles, builders: Builders, managed: ManagedPackages | None
) -> Iterator[Finding]:
    """Modules that an installed package lists are not there: the installation was interrupted, or they were deleted.

    Packages that name no installer are looked at always, all others with `envdoctor check --deep`.

    ## Why it matters
    uv writes the record of a package before its files. If it is stopped in between, every tool takes the package for
    installed, `uv pip check` finds nothing wrong, and the import ends with `No module named …`.

    ## How to fix
    Reinstall the package.

    ## Not a problem when
    Tests, examples and documentation were deleted to save space, or the source files where their byte code stands in
    their place. An installer is at work: records of the last minute are ignored.
    """
    for environment in files.environments:
        means = Means(environment.target, builders, environment.has_pip, managed)
        for found in environment.incomplete:
            how = "was installed only in part" if found.installer is None else "is not all there"
            lacks = f"{found.count} of its modules are missing" if found.count > 1 else "one of its modules is missing"
            yield Finding(
                f"{found.name} {found.version} in {environment.target.root} {how}: {lacks}",
                _again(found, means),
                found.record,
                tuple(Evidence(f"{path} is not there", f"{found.record}/RECORD") for path in found.missing),
                None if found.installer is None else Severity.WARNING,
            )


def _again(found: IncompletePackage, means: Means) -> Fix:
    spec = f"{found.name}=={found.version}"
    if means.manager(found.name):
        return removed_then("Install the package again", means, (found.record,), spec)
    steps = reinstalled(means.target.python, spec, with_uv=means.with_uv, has_pip=means.has_pip)
    return Fix("Reinstall the package", *steps, safety=Safety.CHANGES_STATE)
