"""Which version of conda is it? Its own record tells; nothing is run."""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.conda.installations import CondaRoots
from envdoctor.text.patterns import pattern

RECORD = pattern(r"conda-([0-9][\w.]*)-[^-]+\.json")


class CondaVersion(Fact, frozen=True):
    """The conda that this shell would use, or the first that is here.

    Attributes:
        version: `24.9.2`.
        root: the installation that it belongs to.
    """

    version: str
    root: str


@probe
def probe_conda_version(roots: CondaRoots) -> CondaVersion:
    """Look for the record of the package `conda` in the roots."""
    first = [root.path for root in roots.roots]
    for root in ([roots.active] if roots.active else []) + first:
        try:
            names = sorted(os.listdir(os.path.join(root, "conda-meta")))
        except OSError:
            continue
        if found := next(filter(None, map(RECORD.fullmatch, names)), None):
            return CondaVersion(found[1], root)
    raise Unavailable("no installation has a record of conda")
