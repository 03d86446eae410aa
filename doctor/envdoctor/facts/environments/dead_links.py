"""Whose packages are links into a cache that has been emptied?"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.environments.condition import Condition, VenvConditions
from envdoctor.text.patterns import pattern

RECORD = pattern(r"(?P<name>[A-Za-z0-9._]+)-(?P<version>[^-]+)\.dist-info")
MOST = 5000
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
def probe_dead_links(conditions: VenvConditions) -> DeadLinks:
    """Look at the metadata of each package: uv links every file, so that one tells of all."""
    found = (_look(condition) for condition in conditions.conditions if condition.defect is None)
    return DeadLinks(tuple(filter(None, found)))


def _look(condition: Condition) -> DeadPackages | None:
    links = dict(_dead(condition.venv.site_packages))
    if not links:
        return None
    venv, link = condition.venv, next(iter(links.values()))
    return DeadPackages(venv.root, venv.python, tuple(sorted(links)), link, os.readlink(link), condition.near)


def _dead(directories: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """`name==version` of each package whose metadata is a link to nothing, and that link."""
    for directory in directories:
        try:
            names = sorted(os.listdir(directory))[:MOST]
        except OSError:
            continue
        for name in names:
            link = os.path.join(directory, name, METADATA)
            if (named := RECORD.fullmatch(name)) and os.path.islink(link) and not os.path.exists(link):
                yield f"{named['name'].replace('_', '-')}=={named['version']}", link
