"""Do the installed packages satisfy requirements? Plain rules; what cannot be judged is not held against anybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from envdoctor.facts.dependencies import markers
from envdoctor.facts.dependencies.declared import DeclaredRequirement
from envdoctor.facts.project.environment import ProjectEnvironment
from envdoctor.facts.python.distributions import VARIANTS, normalised
from envdoctor.text.requirements import read
from envdoctor.text.versions import fits


class Unmet(msgspec.Struct, frozen=True):
    """A requirement that is not satisfied: which, and the version that is installed, None if it is none."""

    requirement: DeclaredRequirement
    name: str
    installed: str | None

    @property
    def wanted(self) -> str:
        """The requirement without its marker: `numpy<2`."""
        return self.requirement.text.partition(";")[0].strip()


def unmet(
    requirements: Iterable[DeclaredRequirement],
    limits: Iterable[DeclaredRequirement],
    versions: Mapping[str, str],
    environment: ProjectEnvironment,
    own: str | None = None,
) -> Iterator[Unmet]:
    """The requirements that the installed versions do not satisfy, each package once.

    Args:
        requirements: what must be there.
        limits: what must hold for those that are there.
        versions: what is installed, by normalised name.
        environment: where that is: markers are evaluated for its Python.
        own: the project's own name, which is never missing.
    """
    known = markers.values(environment)
    wanted, seen = set[str](), set[str]()
    for requirement in requirements:
        name, verdict = _judge(requirement, versions, known, conda=environment.is_conda)
        wanted.add(name)
        if verdict and name not in seen and name != own:
            seen.add(name)
            yield verdict
    for limit in limits:
        name, verdict = _judge(limit, versions, known, conda=environment.is_conda)
        if verdict and verdict.installed is not None and name in wanted - seen:
            seen.add(name)
            yield verdict


def same_version(installed: str, wanted: str) -> bool:
    """Whether a version is the wanted one; a local label, `+cu121`, makes no difference where none is wanted."""
    same = fits(f"=={wanted}", installed)
    return installed == wanted if same is None else same


def _judge(
    requirement: DeclaredRequirement, versions: Mapping[str, str], known: markers.Values, *, conda: bool
) -> tuple[str, Unmet | None]:
    """The package of a requirement, and what is wrong with it; nothing where it does not apply here."""
    parsed = read(requirement.text)
    if parsed is None:
        return "", None
    name = normalised(parsed.name)
    if parsed.marker and not markers.holds(parsed.marker, known, requirement.extra):
        return "", None
    names = next((group for group in VARIANTS if conda and name in group), (name,))
    installed = next((versions[other] for other in (name, *names) if other in versions), None)
    if installed is None:
        return name, Unmet(requirement, parsed.name, None)
    suits = parsed.url or fits(parsed.specifiers, installed) is not False
    return name, None if suits else Unmet(requirement, parsed.name, installed)
