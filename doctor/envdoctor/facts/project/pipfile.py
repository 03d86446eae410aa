"""What does the project's Pipfile ask for?"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.project.project import Project
from envdoctor.facts.project.pyproject import Dependency, RequiresPython, dependency
from envdoctor.system.files import Unreadable
from envdoctor.system.toml import (
    Document,
    read_toml,
    strings,
    table_at,
)

NAME = "Pipfile"
# keys of an entry that name a place instead of a version: pipenv/utils/constants.py, pipenv 2026.10.3
ADDRESSES = ("git", "path", "file", "hg", "svn", "bzr")
OPERATORS = tuple("=<>!~")


class Pipfile(Fact, frozen=True):
    """A Pipfile.

    Attributes:
        path: the file.
        packages: what the project needs to run, as PEP 508 says it.
        requires_python: the Python that it asks for; None if any will do.
    """

    path: str
    packages: tuple[Dependency, ...] = ()
    requires_python: RequiresPython | None = None


@probe
def probe_pipfile(project: Project) -> Pipfile:
    """Read the project's Pipfile."""
    path = os.path.join(project.root, NAME)
    if not os.path.lexists(path):
        raise Unavailable("the project has no Pipfile")
    try:
        document = read_toml(path)
    except Unreadable as unreadable:
        raise Unavailable(str(unreadable)) from unreadable
    return Pipfile(path, tuple(_packages(document)), _python(document))


def _packages(document: Document) -> Iterator[Dependency]:
    for name, entry in table_at(document.table, "packages").items():
        details = entry if isinstance(entry, dict) else {"version": entry}
        version, markers = details.get("version"), details.get("markers")
        if any(key in details for key in ADDRESSES) or not isinstance(version, str):
            version = ""
        extras = strings(details.get("extras"))
        text = name + (f"[{','.join(extras)}]" if extras else "") + specifier(version)
        origin = document.origin("packages", name)
        yield dependency(f"{text} ; {markers}" if isinstance(markers, str) else text, origin)


def specifier(version: str) -> str:
    """What pipenv makes of a version: one without an operator is meant exactly."""
    stripped = version.strip()
    if stripped in ("", "*"):
        return ""
    return stripped if stripped.startswith(OPERATORS) else f"=={stripped}"


def _python(document: Document) -> RequiresPython | None:
    requires = table_at(document.table, "requires")
    for key, pattern in (("python_full_version", "=={}"), ("python_version", "=={}.*")):
        version = requires.get(key)
        if isinstance(version, str) and version[:1].isdigit():
            return RequiresPython(version, (pattern.format(version),), document.origin("requires", key))
    return None
