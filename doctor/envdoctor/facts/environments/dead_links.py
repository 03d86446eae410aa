"""Whose packages are links into a cache that has been emptied?"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.environments.condition import Condition, VenvConditions
from envdoctor.facts.python.distributions import Sites, sites
from envdoctor.system.session import Session

METADATA = "METADATA"


class DeadPackages(Fact, frozen=True):
    """The packages of an environment whose files are links to nothing.

    Attributes:
        root: the environment.
        python: its interpreter.
        packages: `name==version` of each, sorted.
        link: one such link.
        target: where it leads.
        near: whether the environment is the project's own.
    """

    root: str
    python: str
    packages: tuple[str, ...]
    link: str
    target: str
    near: bool = False


class DeadLinks(Fact, frozen=True):
    """The active environment and the project's own, as far as they have such packages."""

    environments: tuple[DeadPackages, ...] = ()


@probe
def probe_dead_links(session: Session, conditions: VenvConditions) -> DeadLinks:
    """Look at the metadata of each package: uv links every file, so that one tells of all."""
    found = (_look(sites(session), condition) for condition in conditions.conditions if condition.defect is None)
    return DeadLinks(tuple(filter(None, found)))


def _look(known: Sites, condition: Condition) -> DeadPackages | None:
    links = dict(_dead(known, condition.venv.site_packages))
    if not links:
        return None
    venv, link = condition.venv, next(iter(links.values()))
    return DeadPackages(venv.root, venv.python, tuple(sorted(links)), link, os.readlink(link), condition.near)


def _dead(known: Sites, directories: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """`name==version` of each package whose metadata is a link to nothing, and that link."""
    for directory in directories:
        for package in known.directory(directory).distributions:
            link = f"{package.record}/{METADATA}"
            if package.is_wheel and os.path.islink(link) and not os.path.exists(link):
                yield f"{package.name}=={package.version}", link
