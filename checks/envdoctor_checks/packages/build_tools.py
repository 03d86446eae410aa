"""PKG: packages that import what setuptools or Python no longer have."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import Evidence, Finding, Severity, check
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.packages.build_tools import BuildTools, EnvironmentBuildTools
from envdoctor.facts.packages.managed import ManagedPackages
from envdoctor_checks.packages._fixes import Means, changed

SHOWN = 5
LAST_WITH_BOTH = "setuptools<82"


@check("PKG010", severity=Severity.WARNING, since="0.1", where=("BuildTools.environments.needs",))
def packaging_tool_missing(tools: BuildTools, builders: Builders, managed: ManagedPackages | None) -> Iterator[Finding]:
    """Something that is installed imports `pkg_resources` or `distutils`, and the environment has neither.

    ## Why it matters
    The import ends with `No module named 'pkg_resources'`. setuptools 82 has removed it, new environments have no
    setuptools at all, and no metadata says that a package needs it.

    ## How to fix
    Install a setuptools that has it, or a newer release of the package, which may need it no longer.

    ## Not a problem when
    The import is guarded, or stands in a function that nobody calls: only imports at the beginning of a line count,
    and none in documentation.
    """
    for environment in tools.environments:
        if environment.needs:
            yield _missing(environment, Means(environment.target, builders, environment.has_pip, managed))


def _missing(environment: EnvironmentBuildTools, means: Means) -> Finding:
    first, more = environment.needs[0], len(environment.needs) - 1
    others = f", and so do {more} more files" if more > 1 else ", and so does one more file" if more else ""
    has = f"setuptools {environment.setuptools} has none" if environment.setuptools else "it has no setuptools"
    return Finding(
        f"{first.path} imports {first.module}, which {environment.target.root} lacks: {has}{others}",
        changed("Install a setuptools that has the module", means, LAST_WITH_BOTH, lasting=True),
        environment.target.root,
        tuple(Evidence(need.line, need.path) for need in environment.needs[:SHOWN]),
    )
