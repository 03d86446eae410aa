"""Does the repository bring an environment along? Then its programs are somebody else's, whoever owns the files."""

from __future__ import annotations

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.project.environment import ProjectEnvironment
from envdoctor.facts.project.git_index import keeps_any_of
from envdoctor.facts.venv.active import ActiveVenv, ProjectVenv


class BroughtEnvironments(Fact, frozen=True):
    """The environments near by that git keeps, and that are not active: to activate one is the user's word.

    Attributes:
        roots: their directories, as spelled.
    """

    roots: tuple[str, ...]


@probe
def probe_brought_environments(
    nearby: ProjectVenv | None, environment: ProjectEnvironment | None, active: ActiveVenv | None
) -> BroughtEnvironments:
    """Look for the project's environment in the index of git."""
    near = {nearby.path} | ({nearby.venv.root} if nearby.venv else set()) if nearby else set()
    roots = near | ({environment.root} if environment else set())
    roots -= {active.value} | ({active.venv.root} if active.venv else set()) if active else set()
    kept = tuple(sorted(root for root in roots if keeps_any_of(root)))
    if not kept:
        raise Unavailable("git keeps no environment here")
    return BroughtEnvironments(kept)
