"""PKG: packages that need what is not installed, or a newer Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from envdoctor import Evidence, Finding, Fix, Manual, Severity, check
from envdoctor.facts.dependencies.declared import DeclaredRequirements
from envdoctor.facts.dependencies.lock import ProjectLock
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.packages.dependencies import (
    Dependencies,
    EnvironmentDependencies,
    NewerPython,
    UnmetRequirement,
)
from envdoctor.facts.packages.managed import ManagedPackages
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.python.distributions import normalised
from envdoctor.text.patterns import pattern
from envdoctor_checks.packages._fixes import Means, changed, upgraded

SHOWN = 5
ONE_BY_ONE = 5
"""How many unmet dependencies are told one by one; of more the whole environment is told at once."""
# What much else is compiled against: a wrong one is no matter of taste.
FOUNDATIONS = frozenset(
    {"numpy", "scipy", "pandas", "torch", "torchvision", "torchaudio", "tensorflow", "jax", "jaxlib"}
)
NAME = pattern(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


@check("PKG001", severity=Severity.WARNING, since="0.1", where=("Dependencies.environments.unmet",))
def dependency_unmet(
    dependencies: Dependencies,
    builders: Builders,
    lock: ProjectLock | None,
    declared: DeclaredRequirements | None,
    managed: ManagedPackages | None,
) -> Iterator[Finding]:
    """An installed package requires another that is not installed, or is in a version that does not suit it.

    ## Why it matters
    The import fails at once, or something fails later and less clearly. `pip install` tells of it once, among many
    lines, and goes on; uv tells nothing of what it does not install itself.

    ## How to fix
    Install a version of the dependency that suits everything that requires it. Where the project has a lock, install
    from that.

    ## Not a problem when
    The requirement belongs to an extra, or to another platform or Python. The project overrides it for uv, with
    `override-dependencies` or `dependency-metadata`. What the lock says is compared by PRJ004.
    """
    named = _names(declared)
    for environment in dependencies.environments:
        near = environment.target.near
        locked = _locked(lock) if near else frozenset()
        unmet: dict[str, list[UnmetRequirement]] = {}
        for one in environment.unmet:
            if one.dependent not in locked:
                unmet.setdefault(one.name, []).append(one)
        means = Means(environment.target, builders, environment.has_pip, managed)
        if len(unmet) > ONE_BY_ONE:
            yield _together(environment, unmet, means, named if near else frozenset())
            continue
        for name, requiring in sorted(unmet.items()):
            yield _of(environment, name, requiring, means, named if near else frozenset())


def _locked(lock: ProjectLock | None) -> frozenset[str]:
    if lock is None or lock.manager is ProjectManager.PIP:
        return frozenset()
    return frozenset(package.name for package in lock.packages)


def _names(declared: DeclaredRequirements | None) -> frozenset[str]:
    texts = (requirement.text for requirement in declared.requirements) if declared else ()
    return frozenset(normalised(found[1]) for text in texts if (found := NAME.match(text)))


def _severity(unmet: Sequence[UnmetRequirement], named: frozenset[str]) -> Severity:
    concerned = {name for one in unmet for name in (one.name, one.dependent)}
    grave = concerned & FOUNDATIONS or named.intersection(one.dependent for one in unmet)
    return Severity.ERROR if grave else Severity.WARNING


def _said(one: UnmetRequirement) -> str:
    """`pandas 2.1.4 requires numpy<2, and numpy is 2.2.6`."""
    state = "which is not installed" if one.installed is None else f"and {one.name} is {one.installed}"
    return f"{one.dependent} {one.dependent_version} requires {one.text}, {state}"


def _of(
    environment: EnvironmentDependencies,
    name: str,
    requiring: Sequence[UnmetRequirement],
    means: Means,
    named: frozenset[str],
) -> Finding:
    first = requiring[0]
    others = (
        f"; so do {len(requiring) - 1} more" if len(requiring) > 2 else "; so does one more" if requiring[1:] else ""
    )
    return Finding(
        f"{_said(first)}{others}",
        _suited(environment, [name], requiring, means),
        environment.target.root,
        tuple(Evidence(_said(one), one.record) for one in requiring[:SHOWN]),
        _severity(requiring, named),
    )


def _together(
    environment: EnvironmentDependencies,
    unmet: dict[str, list[UnmetRequirement]],
    means: Means,
    named: frozenset[str],
) -> Finding:
    every = [one for name in sorted(unmet) for one in unmet[name]]
    listed = ", ".join(sorted(unmet)[:SHOWN])
    return Finding(
        f"{len(unmet)} packages are missing in {environment.target.root} or do not suit those that require them: "
        f"{listed} and {len(unmet) - SHOWN} more",
        _suited(environment, sorted(unmet), every, means),
        environment.target.root,
        tuple(Evidence(_said(one), one.record) for one in every[:SHOWN]),
        _severity(every, named),
    )


def _suited(
    environment: EnvironmentDependencies, names: Sequence[str], unmet: Sequence[UnmetRequirement], means: Means
) -> Fix:
    """Install what suits all that require these packages."""
    target = environment.target
    ahead = [one for one in unmet if one.place and not target.owns(one.place) and _comes_first(environment, one.place)]
    if ahead:
        first = ahead[0]
        text = f"{first.name} {first.installed} in {first.place} comes before all that is installed in {target.root}"
        return Fix("Remove the directory from PYTHONPATH", Manual(f"{text}: upgrade it there, or remove the directory"))
    specs = [environment.wanted(name) for name in names]
    suiting = [spec for spec in specs if spec is not None]
    if len(suiting) < len(specs):
        impossible = names[specs.index(None)]
        asking = ", ".join(f"{one.dependent} {one.dependent_version}" for one in unmet if one.name == impossible)
        text = f"No version of {impossible} suits all that require it: upgrade or uninstall {asking}"
        return Fix("Upgrade the packages that require it", Manual(text))
    summary = "Install the missing package" if len(specs) == 1 else "Install what suits these packages"
    if len(specs) == 1 and unmet[0].installed is not None:
        summary = "Install a version that suits them all" if len(unmet) > 1 else "Install a version that suits it"
    return changed(summary, means, *suiting, installer=unmet[0].installer)


def _comes_first(environment: EnvironmentDependencies, place: str) -> bool:
    """Whether a directory is searched before the environment's own."""
    target = environment.target
    own = next((directory for directory in target.directories if target.owns(directory)), None)
    return own is not None and target.directories.index(place) < target.directories.index(own)


@check("PKG012", severity=Severity.WARNING, since="0.1", where=("Dependencies.environments.newer_python",))
def package_needs_newer_python(
    dependencies: Dependencies, builders: Builders, managed: ManagedPackages | None
) -> Iterator[Finding]:
    """An installed package says that it needs a newer Python than the environment has.

    ## Why it matters
    It was installed past pip's and uv's own rule: with `--ignore-requires-python`, by copying, or into a shared
    directory by another Python. It may use syntax or functions that this Python does not have.

    ## How to fix
    Reinstall the package, so that the installer chooses a release for this Python.

    ## Not a problem when
    Only an upper limit is passed, `<3.12`: many packages state one without a reason, and that is never reported.
    """
    for environment in dependencies.environments:
        if environment.newer_python:
            yield _newer(
                environment, environment.newer_python, Means(environment.target, builders, environment.has_pip, managed)
            )


def _newer(environment: EnvironmentDependencies, found: Sequence[NewerPython], means: Means) -> Finding:
    first, more = found[0], len(found) - 1
    others = f", and so do {more} more" if more > 1 else ", and so does one more" if more else ""
    target = environment.target
    version = ".".join(map(str, target.version))
    elsewhere = next((one for one in found if not target.owns(one.record)), None)
    summary = "Reinstall the package for this Python" if not more else "Reinstall the packages for this Python"
    if elsewhere and not target.externally_managed:
        text = f"Install {elsewhere.name} with the Python that it is for, and keep {elsewhere.record} off the path"
        fix = Fix("Separate the packages of the two Pythons", Manual(text))
    elif means.manager(*(one.name for one in found)):
        fix = upgraded("Lock releases for this Python", means, *(one.name for one in found))
    else:
        fix = changed(summary, means, *_again(means, found))
    return Finding(
        f"{first.name} {first.version} needs Python {first.requires}, and {target.root} has {version}{others}",
        fix,
        target.root,
        tuple(Evidence(f"Requires-Python: {one.requires}", one.record) for one in found[:SHOWN]),
    )


def _again(means: Means, found: Sequence[NewerPython]) -> tuple[str, ...]:
    option = "--reinstall-package" if means.with_uv else "--force-reinstall"
    names = tuple(one.name for one in found)
    return (*(word for name in names for word in (option, name)), *names) if means.with_uv else (option, *names)
