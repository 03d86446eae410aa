"""PKG: extension modules for another binary interface than the installed one."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import Evidence, Finding, Severity, check
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.packages.interfaces import EnvironmentInterfaces, Interfaces
from envdoctor.facts.packages.managed import ManagedPackages
from envdoctor_checks.packages._fixes import Means, changed, upgraded

SHOWN = 5


@check("PKG006", severity=Severity.ERROR, since="0.1", where=("Interfaces.environments.older",))
def binary_interface_split(
    interfaces: Interfaces, builders: Builders, managed: ManagedPackages | None
) -> Iterator[Finding]:
    """Extension modules that were compiled for numpy 1 cannot be loaded with the numpy 2 that is installed.

    ## Why it matters
    The import ends with "A module that was compiled using NumPy 1.x cannot be run in NumPy 2", or with "numpy.dtype
    size changed, Expected 96 from C header, got 88". Packages from before 2024 often state no upper limit of numpy.

    ## How to fix
    Install numpy 1, or releases of these packages that were compiled for numpy 2: those run on both.

    ## Not a problem when
    The packages were compiled for numpy 2, or with pybind11, which looks for both.
    """
    for environment in interfaces.environments:
        if environment.older:
            yield _split(environment, Means(environment.target, builders, environment.has_pip, managed))


def _split(environment: EnvironmentInterfaces, means: Means) -> Finding:
    first, more = environment.older[0], len(environment.older) - 1
    others = f" and {more} more packages" if more > 1 else " and one more package" if more else ""
    verb = "were" if more else "was"
    older = environment.limit.replace(">=", "<")
    provider = environment.provider
    suited = changed(f"Install {provider}{older}", means, f"{provider}{older}", installer=environment.installer)
    if not environment.may_be_older:
        names = (each.name for each in environment.older)
        suited = upgraded(f"Upgrade what was compiled for {provider}{older}", means, *names)
    return Finding(
        f"{first.name} {first.version}{others} in {environment.target.root} {verb} compiled for {provider}{older}, "
        f"and {provider} is {environment.provider_version}",
        suited,
        environment.target.root,
        tuple(
            Evidence(f"{each.name} {each.version} holds {each.holds}", each.module)
            for each in environment.older[:SHOWN]
        ),
    )
