"""Which Pythons does the project run on, whichever of its files says so?"""

from __future__ import annotations

from envdoctor.fact import Fact, Unavailable, probe
from envdoctor.facts.pipfile import Pipfile
from envdoctor.facts.project import Project
from envdoctor.facts.pyproject import Pyproject, RequiresPython


class RequiredPython(Fact, frozen=True):
    """What the project says of its Python: in `pyproject.toml`, else in its Pipfile."""

    requires: RequiresPython


@probe
def probe_required_python(project: Project, pyproject: Pyproject | None, pipfile: Pipfile | None) -> RequiredPython:
    """Take the first file that says it."""
    for file in (pyproject, pipfile):
        if file and file.requires_python:
            return RequiredPython(file.requires_python)
    raise Unavailable(project.problem or "the project does not say on which Pythons it runs")
