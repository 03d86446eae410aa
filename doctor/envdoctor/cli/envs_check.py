"""`envdoctor envs --check`: the checks of installed packages over every environment, read from files alone."""

from __future__ import annotations

import time
from collections.abc import Sequence

from msgspec.structs import replace

from envdoctor.engine.collector import establish
from envdoctor.engine.fact import Fact, Known, Missing, MissingKind, Unavailable
from envdoctor.engine.judge import Result, facts_for, judge
from envdoctor.engine.registry import Registry
from envdoctor.facts.dependencies.declared import DeclaredRequirements
from envdoctor.facts.dependencies.lock import ProjectLock
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.environments.kinds import KnownEnvironment
from envdoctor.facts.packages.managed import ManagedPackages
from envdoctor.facts.packages.overrides import UvOverrides
from envdoctor.facts.packages.targets import PackageTargets, of_environment
from envdoctor.facts.project.environment import read_environment
from envdoctor.facts.project.pyproject import Pyproject
from envdoctor.render.envs import Examined
from envdoctor.system.session import Progress, Session

FAMILY = "PKG"
# What the project around the working directory says holds for its own environment alone.
OF_THE_PROJECT: tuple[type[Fact], ...] = (DeclaredRequirements, ManagedPackages, ProjectLock, Pyproject, UvOverrides)


def examine_all(
    environments: Sequence[KnownEnvironment], session: Session, seconds: float, tell: Progress
) -> dict[str, Examined]:
    """What is found in each environment, by its real path. For what there is no time is not in it."""
    registry = Registry.load((FAMILY,), third_party=False)
    checks = tuple(check for check in registry.checks if check.code.startswith(FAMILY))
    wanted = facts_for(checks)
    none = Missing(MissingKind.UNAVAILABLE, "it is of the project around the working directory")
    given: dict[type[Fact], Known] = dict.fromkeys(OF_THE_PROJECT, none)
    given[Builders] = establish([Builders], session)[Builders]
    deadline = time.monotonic() + seconds
    found: dict[str, Examined] = {}
    for number, environment in enumerate(environments):
        tell("examining packages", number, len(environments))
        if time.monotonic() > deadline:
            break
        try:
            target = replace(of_environment(session, read_environment(session, environment.path)), near=False)
        except Unavailable as reason:
            found[environment.real] = Examined(reason=str(reason))
            continue
        targets: dict[type[Fact], Known] = {PackageTargets: PackageTargets((target,))}
        found[environment.real] = _told(judge(checks, establish(wanted, session, given | targets)))
    return found


def _told(results: Sequence[Result]) -> Examined:
    unread = sorted({str(result.reason) for result in results if result.unsettled})
    findings = (
        (result.check.code, result.severity_of(finding).value, finding.message)
        for result in results
        for finding in result.findings
    )
    return Examined(tuple(findings), "; ".join(unread) or None, unsettled=bool(unread))
